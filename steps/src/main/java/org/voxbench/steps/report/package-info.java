/**
 * Turns the scores of one run into pages for people and files for other programs. Called by the
 * root through {@link org.voxbench.steps.Step}. Start at {@link org.voxbench.steps.report.Report}.
 */
@NullMarked
package org.voxbench.steps.report;

import org.jspecify.annotations.NullMarked;
