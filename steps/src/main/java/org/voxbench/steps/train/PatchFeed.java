package org.voxbench.steps.train;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.voxbench.model.Batch;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.train.CounterRandom.Purpose;
import org.voxbench.steps.train.TrainConfig.Preset;

/**
 * Gives the batches of training and validation, made on one background thread: sampling and
 * augmenting take less time than learning, and a second thread would take its cores.
 */
final class PatchFeed implements AutoCloseable {

  private final ExecutorService background;
  private final PatchMaker training;
  private final PatchMaker validation;
  private final Batch[] memory;
  private final int validationBatches;

  /**
   * How patches of a dataset are changed and masked.
   *
   * @param inPlane slices are thick: augmentation leaves z alone
   * @param masked per channel: whether voxels outside the scan are 0
   */
  record Appearance(boolean inPlane, List<Boolean> masked) {}

  PatchFeed(
      List<TrainingCase> training,
      List<TrainingCase> validation,
      Appearance appearance,
      UnetrPlusPlusConfig network,
      TrainConfig config,
      long seed) {
    int[] patch = network.patch().stream().mapToInt(Integer::intValue).toArray();
    TrainConfig.Work work = config.work();
    validationBatches = config.validation().batches();
    Augmentation augmentation = new Augmentation(config.augmentation(), appearance.inPlane());
    Augmentation none = new Augmentation(Preset.NONE, appearance.inPlane());
    this.training =
        new PatchMaker(
            new PatchSampler(
                training, augmentation.sourceShape(patch), patch, work.batch(), work.foreground()),
            augmentation,
            appearance.masked(),
            new PatchMaker.Counters(seed, Purpose.TRAINING_PATCH, work.iterationsPerEpoch()),
            patch);
    this.validation =
        new PatchMaker(
            new PatchSampler(validation, patch, patch, work.batch(), work.foreground()),
            none,
            appearance.masked(),
            new PatchMaker.Counters(seed, Purpose.VALIDATION_PATCH, Math.max(1, validationBatches)),
            patch);
    memory = new Batch[] {memory(network, work.batch()), memory(network, work.batch())};
    background =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "patches");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The batches of iterations {@code first} to {@code end - 1}, counted over all epochs. */
  Batches training(long first, long end) {
    return new Batches(training::fill, background, first, end, memory);
  }

  /** The validation batches of an epoch. */
  Batches validation(int epoch) {
    long first = (long) epoch * validationBatches;
    return new Batches(validation::fill, background, first, first + validationBatches, memory);
  }

  @Override
  public void close() {
    background.shutdown();
    try {
      if (!background.awaitTermination(1, TimeUnit.MINUTES)) {
        background.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Batch memory(UnetrPlusPlusConfig network, int size) {
    int voxels = network.patchVoxels();
    return new Batch(
        new float[Math.multiplyExact(size * network.inChannels(), voxels)],
        new byte[Math.multiplyExact(size, voxels)],
        size);
  }
}
