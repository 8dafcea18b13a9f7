package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;

/**
 * Measures reading and resampling of one scan with its labels: {@code bench preprocess}. Each
 * measurement wants a process of its own, since the largest resident memory of a process never
 * falls again.
 */
public final class PreprocessBench {

  /** Runs that let the compiler see the loops before they count. */
  private static final int WARM_UPS = 3;

  /** Reading is short: its compilation is over after a time, not after a number of scans. */
  private static final long READING_WARM_UP_NANOS = 1_000_000_000L;

  private static final int RUNS = 5;

  private static final Path STATUS = Path.of("/proc/self/status");

  private PreprocessBench() {}

  /** Where scan and labels are resampled to. */
  public enum Target {
    /** To 1.9 mm in-plane, the spacing along z kept. */
    FINE_IN_PLANE,
    /** To 1.5 mm along all axes. */
    ISOTROPIC;

    private Spacing spacing(Spacing original) {
      return this == ISOTROPIC ? new Spacing(1.5, 1.5, 1.5) : new Spacing(original.z(), 1.9, 1.9);
    }
  }

  /**
   * What resampling cost.
   *
   * @param seconds median wall time of image and labels together, files read before
   * @param peakBytes resident memory that reading and resampling once, as a run does it, added to
   *     the process at its largest
   */
  public record Cost(
      @JsonProperty("seconds") double seconds, @JsonProperty("peak_bytes") long peakBytes) {}

  /**
   * Looks at the headers of both.
   *
   * @throws IllegalArgumentException when the two do not belong together
   */
  public static void requireMatch(Path image, Path labels) throws IOException {
    requireMatch(
        image,
        NiftiFile.header(image, AffineRule.QFORM).grid().shape(),
        labels,
        NiftiFile.header(labels, AffineRule.QFORM).grid().shape());
  }

  private static void requireMatch(Path image, GridShape shape, Path labels, GridShape other) {
    if (!shape.equals(other)) {
      throw new IllegalArgumentException(
          "%s has shape %s but %s has %s; give a scan and its own labels"
              .formatted(image, shape, labels, other));
    }
  }

  /**
   * Median wall time of reading the image and its labels, in seconds, as a worker reads them that
   * has read some scans before.
   *
   * @throws IllegalArgumentException when the two do not belong together
   */
  public static double reading(Path image, Path labels) throws IOException {
    int warmUps = 0;
    for (long start = System.nanoTime();
        warmUps < WARM_UPS || System.nanoTime() - start < READING_WARM_UP_NANOS;
        warmUps++) {
      Scan.read(image, labels);
    }
    double[] seconds = new double[3 * RUNS];
    for (int run = 0; run < seconds.length; run++) {
      long start = System.nanoTime();
      Scan.read(image, labels);
      seconds[run] = (System.nanoTime() - start) / 1e9;
    }
    return median(seconds);
  }

  /**
   * Measures resampling; to be asked once per process.
   *
   * @param threads for resampling, at least 1
   * @throws IllegalArgumentException when image and labels do not belong together
   */
  public static Cost resampling(Path image, Path labels, Target target, int threads)
      throws IOException {
    long before = resident("VmRSS:");
    Scan scan = Scan.read(image, labels);
    scan.resample(target, threads);
    long peak = Math.max(0, resident("VmHWM:") - before);
    double[] seconds = new double[RUNS];
    for (int run = -WARM_UPS; run < RUNS; run++) {
      long start = System.nanoTime();
      scan.resample(target, threads);
      if (run >= 0) {
        seconds[run] = (System.nanoTime() - start) / 1e9;
      }
    }
    return new Cost(median(seconds), peak);
  }

  /** An image with its labels. */
  private record Scan(Volume image, LabelVolume labels) {

    static Scan read(Path image, Path labels) throws IOException {
      Scan scan = new Scan(NiftiFile.readImage(image), NiftiFile.readLabels(labels));
      requireMatch(image, scan.image.grid().shape(), labels, scan.labels.grid().shape());
      return scan;
    }

    void resample(Target target, int threads) {
      GridShape from = image.grid().shape();
      Spacing original = image.grid().spacing();
      Spacing wanted = target.spacing(original);
      GridShape to = Resampler.shapeAt(from, original, wanted);
      int separate = Resampler.separateAxis(original, wanted);
      float[] resampled = Resampler.image(image.channel(0), from, to, separate, threads);
      byte[] resampledMap = Resampler.labels(labels.voxels(), from, to, separate, threads);
      if (resampled.length != resampledMap.length) {
        throw new IllegalStateException("image and labels were given different shapes");
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Percentiles.median(sorted);
  }

  /** Bytes of a line of Linux's process status; elsewhere the heap is all that can be known. */
  private static long resident(String line) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return Runtime.getRuntime().totalMemory();
    }
    for (String found : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
      if (found.startsWith(line)) {
        return Long.parseLong(found.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException(STATUS + ": expected a line " + line + " but found none");
  }
}
