/**
 * {@code check} and {@code dataset}: a look at raw scans before they are used. Start at {@link
 * CheckCommand}.
 */
@NullMarked
package org.voxbench.workflows.cli.dataset;

import org.jspecify.annotations.NullMarked;
