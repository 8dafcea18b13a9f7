/**
 * Judges raw datasets before anything is spent on them: each case by itself, each split, and scans
 * that occur twice, also in two datasets. Called by the root for the check command. Start at {@link
 * org.voxbench.steps.check.DatasetCheck}.
 */
@NullMarked
package org.voxbench.steps.check;

import org.jspecify.annotations.NullMarked;
