package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;

/** What memory and disk allow; says so by name before work starts. */
final class Budget {

  private static final long MIB = 1 << 20;

  /** Kept free on the disk beside what is written. */
  private static final long DISK_RESERVE_BYTES = 64 * MIB;

  private static final long DISK_FULL_BELOW_BYTES = 8 * MIB;

  private final Path output;
  private final long memoryBytes;
  private final long resourcesBytes;

  Budget(StepContext context) {
    output = context.output();
    resourcesBytes = context.resources().memoryBytes();
    memoryBytes =
        Math.min(context.resources().memoryBytes(), Runtime.getRuntime().maxMemory() / 10 * 9);
  }

  /** The smaller of the attempt's budget and nine tenths of this process's heap. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** An upper bound, told from the headers alone. */
  static long memory(RawScan scan, Spacing target) {
    GridShape shape = scan.grid().shape();
    return CasePreparation.memoryBytes(
        shape, shape, scan.grid().spacing(), target, scan.channels());
  }

  static long memory(CaseFacts facts, int channels, Spacing target) {
    return CasePreparation.memoryBytes(
        facts.shape(), facts.crop().shape(), facts.spacing(), target, channels);
  }

  void checkMemory(List<RawScan> scans, Spacing spacing) {
    List<String> tooLarge = new ArrayList<>();
    long most = 0;
    for (RawScan scan : scans) {
      long needed = memory(scan, spacing);
      most = Math.max(most, needed);
      if (needed > memoryBytes) {
        tooLarge.add(
            "case %s: %s at %s needs %d MiB at spacing %s"
                .formatted(
                    scan.id(), scan.grid().shape(), scan.grid().spacing(), needed / MIB, spacing));
      }
    }
    if (!tooLarge.isEmpty()) {
      throw new PermanentStepException(
          "preprocess: expected every case to fit the memory budget of %d MiB (of resources.memory, %d MiB) but:%n  - %s%nRaise resources.memory to %d MiB, choose a coarser preprocess.spacing or crop these scans."
              .formatted(
                  memoryBytes / MIB,
                  resourcesBytes / MIB,
                  String.join("\n  - ", tooLarge),
                  (long) Math.ceil((double) most * resourcesBytes / memoryBytes / MIB)));
    }
  }

  void checkDisk(List<CaseFacts> facts, PreparationPlan plan) throws IOException {
    if (facts.isEmpty()) {
      return;
    }
    long needed = DISK_RESERVE_BYTES;
    for (CaseFacts one : facts) {
      needed += preparedBytes(one, plan);
    }
    long free = Files.getFileStore(output).getUsableSpace();
    if (needed > free) {
      throw new PermanentStepException(
          "preprocess: expected %d MiB free on the disk of %s, for %d cases and a reserve of %d MiB, but there are %d MiB; make room, choose another --home or a coarser preprocess.spacing"
              .formatted(needed / MIB, output, facts.size(), DISK_RESERVE_BYTES / MIB, free / MIB));
    }
  }

  /**
   * Turns a failed write on a full disk into what the user has to mend.
   *
   * @param what what was written, already taken away again
   * @param bytes its size
   */
  IOException explained(IOException e, String what, long bytes) throws IOException {
    long free = Files.getFileStore(output).getUsableSpace();
    String reason = String.valueOf(e.getMessage());
    if (free > bytes + DISK_FULL_BELOW_BYTES && !reason.contains("No space left")) {
      return e;
    }
    throw new PermanentStepException(
        "preprocess: the disk of %s is full: %s needs %d MiB but %d MiB are free; make room and run again: finished cases are kept"
            .formatted(output, what, (bytes + MIB - 1) / MIB, free / MIB),
        e);
  }

  /** Size of the voxels and labels of a prepared case. */
  static long preparedBytes(CaseFacts facts, PreparationPlan plan) {
    return preparedVoxels(facts, plan) * (plan.normalization().size() * 4L + 1);
  }

  static long preparedVoxels(CaseFacts facts, PreparationPlan plan) {
    return Resampler.shapeAt(facts.crop().shape(), facts.spacing(), plan.spacing()).voxels();
  }
}
