package org.voxbench.steps.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One scan of one patient as it lies in a raw dataset.
 *
 * @param id the image's base name without suffix and without channel number, such as {@code
 *     img0001}
 * @param images one 3-D file per modality in the dataset's order, or a single file, which is 4-D
 *     when the dataset has several modalities
 * @param label the label file; empty for a test case without reference
 */
public record RawCase(String id, List<Path> images, Optional<Path> label) {

  public RawCase {
    images = List.copyOf(images);
    if (id.isEmpty() || images.isEmpty()) {
      throw new IllegalArgumentException("case '" + id + "': expected an id and an image");
    }
  }
}
