package org.voxbench.steps.volume;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** One real abdominal CT at 3 mm with 13 organ labels (TotalSegmentator example, CC BY 4.0). */
final class RealCt {

  private RealCt() {}

  static Volume image() throws IOException {
    return NiftiFile.readImage(resource("ct.nii.gz"));
  }

  static LabelVolume labels() throws IOException {
    return NiftiFile.readLabels(resource("ct-labels.nii.gz"));
  }

  static Path resource(String name) {
    try {
      URL found = Objects.requireNonNull(RealCt.class.getResource(name), name);
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
