/**
 * Which cases a dataset has, where their images and labels lie, and how they are split by patient.
 * Called by the rooms download, preprocess, train, evaluate and by the check command. Start at
 * {@link org.voxbench.steps.dataset.RawDataset}.
 */
@NullMarked
package org.voxbench.steps.dataset;

import org.jspecify.annotations.NullMarked;
