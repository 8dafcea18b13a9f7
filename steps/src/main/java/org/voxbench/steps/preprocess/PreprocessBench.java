package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;

/** Measures reading and resampling of one scan with its labels: {@code bench preprocess}. */
public final class PreprocessBench {

  /** Runs that let the compiler see the loops before they count. */
  private static final int WARM_UPS = 2;

  private static final int RUNS = 5;

  private PreprocessBench() {}

  /**
   * What resampling cost.
   *
   * @param seconds median wall time of image and labels together
   * @param peakBytes largest heap in use at any moment over all runs, input volumes included
   */
  public record Cost(
      @JsonProperty("seconds") double seconds, @JsonProperty("peak_bytes") long peakBytes) {}

  /**
   * The figures of one scan.
   *
   * @param fineInPlane to 1.9 mm in-plane, the spacing along z kept
   * @param isotropic to 1.5 mm along all axes
   * @param readSeconds median wall time of reading the image and its labels
   */
  public record Figures(
      @JsonProperty("to_1_9") Cost fineInPlane,
      @JsonProperty("to_1_5") Cost isotropic,
      @JsonProperty("read_seconds") double readSeconds) {}

  /**
   * Measures.
   *
   * @param threads for resampling, at least 1
   */
  public static Figures measure(Path image, Path labels, int threads) throws IOException {
    double[] reading = new double[RUNS];
    for (int run = -WARM_UPS; run < RUNS; run++) {
      long start = System.nanoTime();
      Volume volume = NiftiFile.readImage(image);
      LabelVolume map = NiftiFile.readLabels(labels);
      if (run >= 0) {
        reading[run] = (System.nanoTime() - start) / 1e9;
      }
      if (!volume.grid().shape().equals(map.grid().shape())) {
        throw new IllegalArgumentException(
            "%s has shape %s but %s has %s; give a scan and its own labels"
                .formatted(image, volume.grid().shape(), labels, map.grid().shape()));
      }
    }
    double z = NiftiFile.readImage(image).grid().spacing().z();
    return new Figures(
        cost(image, labels, new Spacing(z, 1.9, 1.9), threads),
        cost(image, labels, new Spacing(1.5, 1.5, 1.5), threads),
        median(reading));
  }

  private static Cost cost(Path image, Path labels, Spacing target, int threads)
      throws IOException {
    double[] seconds = new double[RUNS];
    long peak = 0;
    for (int run = -WARM_UPS; run < RUNS; run++) {
      long before = usedAfterCollection();
      Volume volume = NiftiFile.readImage(image);
      LabelVolume map = NiftiFile.readLabels(labels);
      GridShape from = volume.grid().shape();
      GridShape to = Resampler.shapeAt(from, volume.grid().spacing(), target);
      int separate = Resampler.separateAxis(volume.grid().spacing(), target);
      usedAfterCollection();
      heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
      long start = System.nanoTime();
      float[] resampled = Resampler.image(volume.channel(0), from, to, separate, threads);
      byte[] resampledMap = Resampler.labels(map.voxels(), from, to, separate, threads);
      if (run >= 0) {
        seconds[run] = (System.nanoTime() - start) / 1e9;
      }
      if (resampled.length != resampledMap.length) {
        throw new IllegalStateException("image and labels were given different shapes");
      }
      peak = Math.max(peak, peakInUse() - before);
    }
    return new Cost(median(seconds), peak);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Percentiles.median(sorted);
  }

  private static long usedAfterCollection() {
    System.gc();
    return heapPools().stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
  }

  private static long peakInUse() {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
