package org.voxbench.steps.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;

/** From a fingerprint to the plan all cases share (recipe section 4.3). */
final class Planning {

  private static final double ANISOTROPY = 3;
  private static final double MASK_BELOW = 0.75;

  private Planning() {}

  static PreparationPlan plan(Fingerprint fingerprint, PreprocessSettings settings) {
    List<Spacing> spacings = fingerprint.scans().stream().map(Fingerprint.Scan::spacing).toList();
    List<GridShape> shapes = fingerprint.scans().stream().map(Fingerprint.Scan::cropped).toList();
    Spacing target = spacing(spacings, shapes, settings.spacing());
    List<Normalization> normalization =
        settings
            .normalization()
            .channels()
            .map(fixed -> fixed(fixed, fingerprint))
            .orElseGet(
                () ->
                    fingerprint.intensities().stream()
                        .map(channel -> normalization(fingerprint, channel, settings))
                        .toList());
    return new PreparationPlan(target, medianShape(spacings, shapes, target), normalization);
  }

  private static List<Normalization> fixed(List<Normalization> fixed, Fingerprint fingerprint) {
    List<String> planned = fixed.stream().map(Normalization::modality).toList();
    List<String> modalities =
        fingerprint.intensities().stream().map(Fingerprint.Intensity::modality).toList();
    if (!planned.equals(modalities)) {
      throw new PermanentStepException(
          "preprocess.normalization: expected an entry for each of %s, in this order, but found %s; mend the plan or set preprocess.normalization: auto"
              .formatted(modalities, planned));
    }
    return fixed;
  }

  /**
   * Per axis the median; where the coarsest axis has more than three times the spacing of the next
   * and less than a third of its voxels, that axis takes its tenth percentile.
   */
  static Spacing spacing(List<Spacing> spacings, List<GridShape> shapes, TargetSpacing wanted) {
    if (wanted.fixed().isPresent()) {
      return wanted.fixed().get();
    }
    double[] target = new double[3];
    double[] size = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      target[axis] = Percentiles.median(sorted(spacings, spacing -> spacing.along(along)));
      size[axis] = Percentiles.median(sorted(shapes, shape -> shape.along(along)));
    }
    int worst = 0;
    for (int axis = 1; axis < 3; axis++) {
      worst = target[axis] > target[worst] ? axis : worst;
    }
    int coarsest = worst;
    int one = (worst + 1) % 3;
    int other = (worst + 2) % 3;
    double next = Math.max(target[one], target[other]);
    if (target[worst] > ANISOTROPY * next
        && size[worst] * ANISOTROPY < Math.min(size[one], size[other])) {
      double tenth = Percentiles.of(sorted(spacings, spacing -> spacing.along(coarsest)), 10);
      target[worst] = tenth < next ? next + 1e-5 : tenth;
    }
    return Spacing.of(target);
  }

  private static GridShape medianShape(
      List<Spacing> spacings, List<GridShape> shapes, Spacing target) {
    List<GridShape> resampled = new ArrayList<>();
    for (int index = 0; index < shapes.size(); index++) {
      resampled.add(Resampler.shapeAt(shapes.get(index), spacings.get(index), target));
    }
    int[] median = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      median[axis] =
          (int) Math.rint(Percentiles.median(sorted(resampled, shape -> shape.along(along))));
    }
    return GridShape.of(median);
  }

  private static <T> double[] sorted(List<T> values, ToDoubleFunction<T> number) {
    return values.stream().mapToDouble(number).sorted().toArray();
  }

  private static Normalization normalization(
      Fingerprint fingerprint, Fingerprint.Intensity channel, PreprocessSettings settings) {
    String modality = channel.modality();
    boolean ct =
        switch (settings.normalization().rule()) {
          case AUTO -> modality.toUpperCase(Locale.ROOT).equals("CT");
          case CT -> true;
          case ZSCORE -> false;
        };
    if (!ct) {
      double[] kept =
          sorted(
              fingerprint.scans(),
              scan -> (double) scan.cropped().voxels() / scan.shape().voxels());
      boolean masked = Percentiles.median(kept) < MASK_BELOW;
      return new Normalization(modality, Normalization.Scheme.ZSCORE, masked, 0, 1, 0, 0);
    }
    if (channel.sampled() == 0) {
      throw new PermanentStepException(
          "preprocess: expected labelled voxels to measure the foreground of channel %s but no case has any; check the labels or set preprocess.normalization: zscore"
              .formatted(modality));
    }
    if (!(channel.deviation() > 0)) {
      throw new PermanentStepException(
          "preprocess: expected the foreground of channel %s to vary but every voxel is %s; check the images or set preprocess.normalization: zscore"
              .formatted(modality, channel.mean()));
    }
    return new Normalization(
        modality,
        Normalization.Scheme.CT,
        false,
        channel.mean(),
        channel.deviation(),
        channel.low(),
        channel.high());
  }
}
