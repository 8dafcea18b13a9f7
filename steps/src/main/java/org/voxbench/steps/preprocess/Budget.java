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

  Budget(StepContext context) {
    output = context.output();
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
    for (RawScan scan : scans) {
      long needed = memory(scan, spacing);
      if (needed > memoryBytes) {
        tooLarge.add(
            "case %s: %s at %s needs %d MiB at spacing %s"
                .formatted(
                    scan.id(), scan.grid().shape(), scan.grid().spacing(), needed / MIB, spacing));
      }
    }
    if (!tooLarge.isEmpty()) {
      throw new PermanentStepException(
          "preprocess: expected every case to fit the memory budget of %d MiB but:%n  - %s%nRaise resources.memory, choose a coarser preprocess.spacing or crop these scans."
              .formatted(memoryBytes / MIB, String.join("\n  - ", tooLarge)));
    }
  }

  void checkDisk(List<CaseFacts> facts, PreparationPlan plan) throws IOException {
    long needed = DISK_RESERVE_BYTES;
    for (CaseFacts one : facts) {
      needed += preparedVoxels(one, plan) * (plan.normalization().size() * 4L + 1);
    }
    long free = Files.getFileStore(output).getUsableSpace();
    if (needed > free) {
      throw new PermanentStepException(
          "preprocess: expected %d MiB free on the disk of %s but there are %d MiB; make room or choose a coarser preprocess.spacing"
              .formatted(needed / MIB, output, free / MIB));
    }
  }

  /** Turns a failed write on a full disk into what the user has to mend. */
  IOException explained(IOException e) throws IOException {
    long free = Files.getFileStore(output).getUsableSpace();
    if (free < DISK_FULL_BELOW_BYTES) {
      throw new PermanentStepException(
          "preprocess: the disk of %s is full (%d MiB free); make room and run again: finished cases are kept"
              .formatted(output, free / MIB),
          e);
    }
    return e;
  }

  static long preparedVoxels(CaseFacts facts, PreparationPlan plan) {
    return Resampler.shapeAt(facts.crop().shape(), facts.spacing(), plan.spacing()).voxels();
  }
}
