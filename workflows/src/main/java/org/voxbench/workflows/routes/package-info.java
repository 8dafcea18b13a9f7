/**
 * Only wiring: one route template per step and one failure policy; the work is in {@code run}.
 * Start at {@link org.voxbench.workflows.routes.StepRoutes}.
 */
@NullMarked
package org.voxbench.workflows.routes;

import org.jspecify.annotations.NullMarked;
