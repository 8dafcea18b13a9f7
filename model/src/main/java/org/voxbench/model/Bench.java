package org.voxbench.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Measures a network on this machine with made-up patches. Give each measurement a process of its
 * own: the peak is the whole process's.
 */
public final class Bench {

  /**
   * A median after warm-up.
   *
   * @param seconds wall time of one step or window
   * @param peakBytes largest resident memory of this process so far; 0 where the system does not
   *     tell
   * @param precision the precision that was used, never AUTO
   */
  public record Result(double seconds, long peakBytes, Precision precision) {}

  private static final int WARM_UP = 2;

  private Bench() {}

  /**
   * Training steps with optimizer, dropout as published.
   *
   * @param batch samples in one step
   * @param repetitions measured steps, at least 5
   */
  public static Result step(
      UnetrPlusPlusConfig config,
      TrainingOptions options,
      Compute compute,
      int batch,
      int repetitions) {
    Checks.atLeast("repetitions", repetitions, 5);
    Checks.between("batch", batch, 1, 64);
    Batch sample = sample(config, batch);
    try (Training training = Training.start(config, options, compute, 1)) {
      double seconds = median(repetitions, i -> training.step(sample, 1e-4, i));
      return new Result(seconds, peakBytes(), training.precision());
    }
  }

  /**
   * Windows of prediction, from image to class probabilities, not mirrored.
   *
   * @param repetitions measured windows, at least 5
   */
  public static Result window(
      UnetrPlusPlusConfig config, Precision precision, Compute compute, int repetitions) {
    Checks.atLeast("repetitions", repetitions, 5);
    float[] window = sample(config, 1).images();
    Weights weights = Weights.initial(config, 1);
    try (Predictor predictor = Predictor.open(config, weights, precision, compute)) {
      double seconds = median(repetitions, i -> predictor.probabilities(window, 1, false));
      return new Result(seconds, peakBytes(), predictor.precision());
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
