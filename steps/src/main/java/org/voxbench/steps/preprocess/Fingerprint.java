package org.voxbench.steps.preprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/**
 * What a dataset looks like, measured on its labelled cases (recipe section 4.3).
 *
 * @param scans one entry per case, in order of the id
 * @param intensities one entry per channel, over every tenth foreground voxel of all cases
 * @param voxels foreground voxels per class, over all cases
 */
public record Fingerprint(
    List<Scan> scans, List<Intensity> intensities, SortedMap<Integer, Long> voxels) {

  public Fingerprint {
    scans = List.copyOf(scans);
    intensities = List.copyOf(intensities);
    voxels = new TreeMap<>(voxels);
  }

  /**
   * The geometry of one case.
   *
   * @param id the case
   * @param shape voxels (z, y, x) of the raw scan
   * @param cropped voxels (z, y, x) of its non-zero region
   * @param spacing mm (z, y, x)
   */
  public record Scan(String id, GridShape shape, GridShape cropped, Spacing spacing) {}

  /**
   * The foreground of one channel; all 0 when no case has a labelled voxel.
   *
   * @param modality the channel's name
   * @param sampled number of voxels looked at
   * @param mean arithmetic mean
   * @param deviation standard deviation
   * @param percentiles smallest value, 0.5 %, median, 99.5 %, largest value
   */
  public record Intensity(
      String modality, long sampled, double mean, double deviation, List<Double> percentiles) {

    public Intensity {
      percentiles = List.copyOf(percentiles);
    }

    double low() {
      return percentiles.get(1);
    }

    double high() {
      return percentiles.get(3);
    }
  }

  static Fingerprint of(List<CaseFacts> cases, List<String> modalities) {
    List<Scan> scans =
        cases.stream()
            .map(one -> new Scan(one.id(), one.shape(), one.crop().shape(), one.spacing()))
            .toList();
    List<Intensity> intensities = new ArrayList<>();
    for (int channel = 0; channel < modalities.size(); channel++) {
      intensities.add(intensity(modalities.get(channel), pooled(cases, channel)));
    }
    SortedMap<Integer, Long> voxels = new TreeMap<>();
    for (CaseFacts one : cases) {
      one.voxels().forEach((label, count) -> voxels.merge(label, count, Long::sum));
    }
    return new Fingerprint(scans, intensities, voxels);
  }

  private static Intensity intensity(String modality, double[] pooled) {
    if (pooled.length == 0) {
      return new Intensity(modality, 0, 0, 0, List.of(0.0, 0.0, 0.0, 0.0, 0.0));
    }
    double mean = Arrays.stream(pooled).sum() / pooled.length;
    double square = Arrays.stream(pooled).map(value -> (value - mean) * (value - mean)).sum();
    List<Double> percentiles =
        List.of(0.0, 0.5, 50.0, 99.5, 100.0).stream()
            .map(percent -> Percentiles.of(pooled, percent))
            .toList();
    return new Intensity(
        modality, pooled.length, mean, Math.sqrt(square / pooled.length), percentiles);
  }

  /** Sorted, so that the sums do not depend on the order of cases. */
  private static double[] pooled(List<CaseFacts> cases, int channel) {
    int length = cases.stream().mapToInt(facts -> facts.foreground().get(channel).length).sum();
    double[] pooled = new double[length];
    int at = 0;
    for (CaseFacts facts : cases) {
      for (float value : facts.foreground().get(channel)) {
        pooled[at++] = value;
      }
    }
    Arrays.sort(pooled);
    return pooled;
  }
}
