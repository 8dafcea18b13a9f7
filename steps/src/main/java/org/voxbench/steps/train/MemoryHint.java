package org.voxbench.steps.train;

import java.util.Locale;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.PermanentStepException;

/** Turns a shortage of memory into a message that says which settings need less. */
final class MemoryHint {

  private MemoryHint() {}

  /** The failure to throw instead of {@code failure}; itself when it is about something else. */
  static RuntimeException explain(
      Throwable failure, UnetrPlusPlusConfig network, TrainConfig config) {
    if (isShortage(failure)) {
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

  private static boolean isShortage(Throwable failure) {
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
