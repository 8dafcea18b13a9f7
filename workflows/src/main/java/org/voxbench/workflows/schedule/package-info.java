/**
 * Schedules of sweeps: declared in files below {@code schedules/}, fired by Quartz through {@code
 * routes}. Used by {@code cli}. Start at {@link org.voxbench.workflows.schedule.Schedules}.
 */
@NullMarked
package org.voxbench.workflows.schedule;

import org.jspecify.annotations.NullMarked;
