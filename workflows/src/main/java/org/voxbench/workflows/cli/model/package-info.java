/** {@code model}: networks and their weights. Start at {@link ModelCommand}. */
@NullMarked
package org.voxbench.workflows.cli.model;

import org.jspecify.annotations.NullMarked;
