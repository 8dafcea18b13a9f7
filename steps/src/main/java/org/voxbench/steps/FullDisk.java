package org.voxbench.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Says of a write that failed on a full disk which disk it was and how to go on. */
public final class FullDisk {

  private FullDisk() {}

  /** Work that writes to the attempt's output. */
  @FunctionalInterface
  public interface Writing<R> {
    R run() throws IOException;
  }

  /**
   * Does the work.
   *
   * @throws PermanentStepException when it failed because the disk is full or a quota is used up
   */
  public static <R> R explained(StepName step, StepContext context, Writing<R> work)
      throws IOException {
    try {
      return work.run();
    } catch (IOException | UncheckedIOException | TransientStepException e) {
      String reason = reason(e);
      if (reason.isEmpty()) {
        throw e;
      }
      throw new PermanentStepException(
          "%s: the disk of %s is full (%s; %d MiB are free); make room (voxbench gc --dry-run shows what can go) or choose another --home, and run again: what was finished is kept"
              .formatted(
                  step.key(),
                  context.output(),
                  reason,
                  Files.getFileStore(context.output()).getUsableSpace() >> 20),
          e);
    }
  }

  /**
   * What the operating system said when a write failed on a full disk; empty for other failures.
   */
  public static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      for (String full : new String[] {"No space left on device", "Disk quota exceeded"}) {
        if (message.contains(full)) {
          return full;
        }
      }
    }
    return "";
  }
}
