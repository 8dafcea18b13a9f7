/**
 * Predicts the validation cases, scores them in original space and keeps every case in the
 * denominator. Called by the root through {@link org.voxbench.steps.Step}; read by the report.
 * Start at {@link org.voxbench.steps.evaluate.Evaluate}, then {@code Scoring}.
 */
@NullMarked
package org.voxbench.steps.evaluate;

import org.jspecify.annotations.NullMarked;
