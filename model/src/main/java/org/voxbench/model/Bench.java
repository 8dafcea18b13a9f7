package org.voxbench.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Measures a network on this machine with made-up patches. */
public final class Bench {

  /**
   * Medians after warm-up.
   *
   * @param stepSeconds one training step with optimizer
   * @param windowSeconds one window of prediction
   * @param peakBytes largest resident memory of this process so far; 0 where the system does not
   *     tell
   * @param precision the precision that was used
   */
  public record Result(
      double stepSeconds, double windowSeconds, long peakBytes, Precision precision) {}

  private static final int WARM_UP = 2;

  private Bench() {}

  /**
   * Measures training, then prediction. Run it in a process of its own for a meaningful peak.
   *
   * @param batch samples in one training step
   * @param repetitions measured steps and windows, at least 5
   */
  public static Result run(
      UnetrPlusPlusConfig config,
      Precision precision,
      Compute compute,
      int batch,
      int repetitions) {
    Checks.atLeast("repetitions", repetitions, 5);
    Batch sample = sample(config, batch);
    double step;
    Precision used;
    TrainingOptions options = TrainingOptions.published(precision);
    try (Training training = Training.start(config, options, compute, 1)) {
      used = training.precision();
      step = median(repetitions, i -> training.step(sample, 1e-4, i));
    }
    long peak = peakBytes();
    float[] window = sample(config, 1).images();
    try (Predictor predictor =
        Predictor.open(config, Weights.initial(config, 1), precision, compute)) {
      double seconds = median(repetitions, i -> predictor.probabilities(window, 1, false));
      return new Result(step, seconds, peak, used);
    }
  }

  private static Batch sample(UnetrPlusPlusConfig config, int size) {
    CounterRandom random = new CounterRandom(1, "bench");
    float[] images = new float[size * config.inChannels() * config.patchVoxels()];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.signed(i);
    }
    byte[] labels = new byte[size * config.patchVoxels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i / 512 % config.classes());
    }
    return new Batch(images, labels, size);
  }

  private static double median(int repetitions, IntConsumer work) {
    IntStream.range(0, WARM_UP).forEach(work);
    List<Double> seconds =
        IntStream.range(WARM_UP, WARM_UP + repetitions)
            .mapToObj(
                i -> {
                  long start = System.nanoTime();
                  work.accept(i);
                  return (System.nanoTime() - start) * 1e-9;
                })
            .sorted()
            .toList();
    return seconds.get(repetitions / 2);
  }

  private static long peakBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
