package org.voxbench.steps.train;

import java.io.IOException;
import java.util.Locale;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.PermanentStepException;

/** Turns a shortage of memory or disk into a message that says what to do. */
final class Shortage {

  private Shortage() {}

  /** The failure to throw instead of {@code failure}; itself when it is about something else. */
  static RuntimeException ofMemory(
      Throwable failure, UnetrPlusPlusConfig network, TrainConfig config) {
    if (isOfMemory(failure)) {
      return new PermanentStepException(
          ("not enough memory for batches of %d patches of %s voxels (%s). Lower train.batch or"
                  + " train.network.patch, set train.recompute: true, or give the worker more"
                  + " memory.")
              .formatted(config.work().batch(), network.patch(), failure.getMessage()),
          failure);
    }
    if (failure instanceof RuntimeException other) {
      return other;
    }
    return new IllegalStateException(failure);
  }

  /** Throws when a file could not be written because the disk is full. */
  static void throwIfOfDisk(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("No space left") || message.contains("Disk quota exceeded")) {
      throw new PermanentStepException(
          "the disk is full (%s). Free some space, or lower train.keep, and start again: training goes on from its last checkpoint."
              .formatted(message),
          failure);
    }
  }

  private static boolean isOfMemory(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof OutOfMemoryError
          || message.contains("out of memory")
          || message.contains("can't allocate memory")
          || message.contains("not enough memory")) {
        return true;
      }
    }
    return false;
  }
}
