package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.MalformedVolumeException;
import org.voxbench.steps.volume.NiftiHeader;
import org.voxbench.steps.volume.Spacing;

/**
 * The first look at a case: is it sound, where is something in it, how bright is its foreground.
 */
final class CaseInspection {

  private static final double SPACING_WITHIN_MM = 1e-3;
  private static final double PLACE_WITHIN_VOXELS = 0.1;
  private static final int EVERY = 10;

  private final RawScan scan;
  private final int modalities;
  private final Set<Integer> classes;
  private final BiConsumer<GridShape, List<float[]>> witness;
  private final List<String> problems = new ArrayList<>();

  private CaseInspection(
      RawScan scan,
      int modalities,
      Set<Integer> classes,
      BiConsumer<GridShape, List<float[]>> witness) {
    this.scan = scan;
    this.modalities = modalities;
    this.classes = classes;
    this.witness = witness;
  }

  /**
   * Looks at a case.
   *
   * @param classes the legal foreground classes
   * @param witness shown the image's channels, so that nobody has to read them again
   */
  static CaseFacts of(
      RawScan scan,
      int modalities,
      Set<Integer> classes,
      BiConsumer<GridShape, List<float[]>> witness)
      throws IOException {
    return new CaseInspection(scan, modalities, classes, witness).inspect();
  }

  private void checkHeaders() {
    if (scan.channels() != modalities) {
      problem(
          "expected %d channels, one per modality, but found %d; mend modalities or the image"
              + " files",
          modalities, scan.channels());
    }
    for (int index = 1; index < scan.imageHeaders().size(); index++) {
      compare(scan.imageHeaders().get(index), scan.imageFile(index), "channel");
    }
    compare(scan.labelHeader(), scan.labelFile(), "label");
  }

  private void compare(NiftiHeader header, Path file, String kind) {
    Grid image = scan.grid();
    Grid other = header.grid();
    if (!other.shape().equals(image.shape())) {
      problem(
          "%s %s has shape %s but the image has %s; export it again on the image's grid",
          kind, file.getFileName(), other.shape(), image.shape());
      return;
    }
    Spacing spacing = image.spacing();
    if (!other.spacing().isNear(spacing, SPACING_WITHIN_MM)) {
      problem(
          "%s %s has spacing %s but the image has %s; if the two match voxel by voxel copy the"
              + " image's header (fslcpgeom IMAGE LABEL), else export it again",
          kind, file.getFileName(), other.spacing(), spacing);
      return;
    }
    double apart = image.affine().cornerDistance(other.affine(), image.shape());
    double smallest = Math.min(spacing.z(), Math.min(spacing.y(), spacing.x()));
    if (apart > PLACE_WITHIN_VOXELS * smallest) {
      problem(
          "%s %s lies %.2f mm off the image (affines differ); if the two match voxel by voxel copy"
              + " the image's header (fslcpgeom IMAGE LABEL) or try preprocess.affine: sform, else"
              + " export it again",
          kind, file.getFileName(), apart);
    }
  }

  private CaseFacts inspect() throws IOException {
    checkHeaders();
    if (!problems.isEmpty()) {
      return unsound();
    }
    try {
      return look();
    } catch (MalformedVolumeException e) {
      problem("%s", String.valueOf(e.getMessage()));
      return unsound();
    }
  }

  private CaseFacts look() throws IOException {
    GridShape shape = scan.grid().shape();
    List<String> digests = scan.digests();
    List<float[]> channels = scan.image();
    witness.accept(shape, channels);
    checkFinite(channels);
    NonZeroRegion region = NonZeroRegion.of(shape, channels);
    byte[] labels = scan.labels();
    SortedMap<Integer, Long> counts = count(labels);
    return new CaseFacts(
        scan.id(),
        digests,
        shape,
        scan.grid().spacing(),
        region.box(),
        counts,
        foreground(channels, labels),
        problems);
  }

  private CaseFacts unsound() {
    Grid grid = scan.grid();
    CropBox all = CropBox.all(grid.shape());
    return new CaseFacts(
        scan.id(),
        List.of(),
        grid.shape(),
        grid.spacing(),
        all,
        Collections.emptySortedMap(),
        List.of(),
        problems);
  }

  private void checkFinite(List<float[]> channels) {
    for (int channel = 0; channel < channels.size(); channel++) {
      long bad = 0;
      int first = -1;
      float[] voxels = channels.get(channel);
      for (int index = 0; index < voxels.length; index++) {
        if (!Float.isFinite(voxels[index])) {
          first = bad++ == 0 ? index : first;
        }
      }
      if (bad > 0) {
        problem(
            "channel %d holds %d NaN or infinite voxels, the first at (z, y, x) = %s; set them to 0"
                + " or export the scan again",
            channel, bad, place(first));
      }
    }
  }

  private String place(int index) {
    GridShape shape = scan.grid().shape();
    int row = index / shape.x();
    return "(%d, %d, %d)".formatted(row / shape.y(), row % shape.y(), index % shape.x());
  }

  private SortedMap<Integer, Long> count(byte[] labels) {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    long[] found = new long[256];
    for (byte label : labels) {
      found[label + 128]++;
    }
    for (int label = -128; label < 128; label++) {
      long voxels = found[label + 128];
      if (voxels == 0 || label == 0) {
        continue;
      }
      if (classes.contains(label)) {
        counts.put(label, voxels);
      } else {
        problem(
            "label %s holds value %d in %d voxels but dataset.json knows 0 and %s; map the value to"
                + " one of these or add it to labels",
            scan.labelFile().getFileName(), label, voxels, classes.stream().sorted().toList());
      }
    }
    return counts;
  }

  /** Every tenth foreground voxel, as the published fingerprint takes them (recipe section 4.3). */
  private static List<float[]> foreground(List<float[]> channels, byte[] labels) {
    int all = 0;
    for (byte label : labels) {
      all += label > 0 ? 1 : 0;
    }
    List<float[]> result = new ArrayList<>();
    for (float[] voxels : channels) {
      float[] sample = new float[(all + EVERY - 1) / EVERY];
      int seen = 0;
      for (int index = 0; index < labels.length; index++) {
        if (labels[index] > 0 && seen++ % EVERY == 0) {
          sample[(seen - 1) / EVERY] = voxels[index];
        }
      }
      result.add(sample);
    }
    return result;
  }

  private void problem(String format, Object... values) {
    problems.add("case %s: ".formatted(scan.id()) + String.format(Locale.ROOT, format, values));
  }
}
