/**
 * {@code sweep} and {@code schedule}: many runs, and again every week. Start at {@link
 * SweepCommand}.
 */
@NullMarked
package org.voxbench.workflows.cli.sweep;

import org.jspecify.annotations.NullMarked;
