package org.voxbench.steps.dataset;

import java.nio.file.Path;

/** One archive form in which datasets are handed around; it alone knows that form's oddities. */
interface DatasetLayout {

  /** The form's name as users know it. */
  String title();

  /** Whether a dataset of this form has its root at {@code folder}. */
  boolean isRoot(Path folder);

  /** Reads names only, never voxels; everything wrong goes to {@code problems}. */
  RawDataset read(Path root, Problems problems);
}
