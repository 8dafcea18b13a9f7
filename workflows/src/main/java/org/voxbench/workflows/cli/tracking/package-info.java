/** {@code tracking}: what tracking servers were told and hold. Start at {@link TrackingCommand}. */
@NullMarked
package org.voxbench.workflows.cli.tracking;

import org.jspecify.annotations.NullMarked;
