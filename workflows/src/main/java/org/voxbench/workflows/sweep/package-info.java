/**
 * Sweeps: what was asked for and what became of each cell, in files below {@code sweeps/}; tables
 * over cells; comparison with an earlier sweep. Used by {@code routes}, {@code schedule} and {@code
 * cli}. Start at {@link org.voxbench.workflows.sweep.SweepWork}.
 */
@NullMarked
package org.voxbench.workflows.sweep;

import org.jspecify.annotations.NullMarked;
