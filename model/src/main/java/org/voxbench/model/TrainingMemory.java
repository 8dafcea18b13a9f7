package org.voxbench.model;

import java.util.List;

/**
 * How much memory a training takes, from the structure of its network and of the program: nothing
 * is run and no native library is loaded.
 *
 * <p>The step is walked through part by part, forwards and backwards, and the fullest moment
 * counts. There are at that moment: weights and moments in float32; the copy of the weights that
 * the network computes with; what autograd keeps of the parts that are still to be differentiated;
 * gradients of those that are done; and the arrays of the part in work.
 *
 * <p>For training on the CPU the estimate is within 15 % of the measured peak of the process in all
 * published networks, in float32 and bfloat16, recomputing or not: docs/benchmarks.md.
 */
public final class TrainingMemory {

  /** Java, libtorch and its compiled kernels, before the first array: measured. */
  private static final long PROCESS = 320_000_000;

  /**
   * Per byte of arrays: with the gaps that arrays of other sizes leave behind, what oneDNN takes
   * beside them, and weights on their way through Java's heap. Measured.
   */
  private static final double GROSS = 1.25;

  private final UnetrPlusPlusConfig config;
  private final List<Layout.Entry> layout;
  private final int batch;
  private final int width;

  private TrainingMemory(UnetrPlusPlusConfig config, int batch, int width) {
    this.config = config;
    this.batch = batch;
    this.width = width;
    layout = Layout.of(config);
  }

  /**
   * Peak resident bytes of the process that trains.
   *
   * @param batch samples in a step, at least 1
   * @param options the precision must not be AUTO
   * @throws IllegalArgumentException where batch or precision is none of those
   */
  public static long peakBytes(UnetrPlusPlusConfig config, int batch, TrainingOptions options) {
    Checks.atLeast("batch", batch, 1);
    if (options.precision() == Precision.AUTO) {
      throw new IllegalArgumentException("precision: expected a number format but was AUTO");
    }
    int width = options.precision() == Precision.FLOAT32 ? Float.BYTES : Short.BYTES;
    TrainingMemory memory = new TrainingMemory(config, batch, width);
    List<StepParts.Part> parts = StepParts.of(config, memory.layout, batch, width);
    long step = options.checkpointing() ? recomputing(parts) : keeping(parts);
    long passing = memory.workingCopy() + Math.max(step, memory.update());
    return PROCESS + (long) (GROSS * (memory.lasting(options.optimizer()) + passing));
  }

  /** Weights, statistics and moments; image and labels in Java, as they came and as they enter. */
  private long lasting(Optimizer optimizer) {
    long copies = optimizer.kind() == Optimizer.Kind.ADAMW ? 3 : 2;
    long bytes = 0;
    for (Layout.Entry entry : layout) {
      if (entry.aliasOf() == null) {
        bytes += Float.BYTES * StepParts.elements(entry) * (entry.trained() ? copies : 2);
      }
    }
    long image = (long) config.inChannels() * (2 * Float.BYTES + width);
    return bytes + batch * StepParts.voxels(config) * (image + 2 + Long.BYTES);
  }

  private long workingCopy() {
    long bytes = 0;
    for (Layout.Entry entry : layout) {
      bytes += isCopied(entry) ? StepParts.elements(entry) * width : 0;
    }
    return bytes;
  }

  /** All gradients, and beside them as float32 in the order of the weights. */
  private long update() {
    long bytes = 0;
    for (Layout.Entry entry : layout) {
      if (entry.trained()) {
        long elements = StepParts.elements(entry);
        bytes += elements * (StepParts.staysFloat(entry) ? Float.BYTES : width);
        bytes += isCopied(entry) ? elements * Float.BYTES : 0;
      }
    }
    return bytes;
  }

  /** Whether it differs from the master in type or in order. */
  private boolean isCopied(Layout.Entry entry) {
    boolean reordered = entry.shape().size() == 5;
    return entry.trained() && !StepParts.staysFloat(entry) && (width < Float.BYTES || reordered);
  }

  private static long keeping(List<StepParts.Part> parts) {
    long live = parts.stream().mapToLong(StepParts.Part::kept).sum();
    long peak = live;
    for (int i = parts.size() - 1; i >= 0; i--) {
      StepParts.Part part = parts.get(i);
      live += part.gradients();
      peak = Math.max(peak, live + part.working());
      live -= part.kept();
    }
    return peak;
  }

  private static long recomputing(List<StepParts.Part> parts) {
    long live = parts.stream().mapToLong(StepParts.Part::output).sum();
    long peak = live;
    for (int i = parts.size() - 1; i >= 0; i--) {
      StepParts.Part part = parts.get(i);
      live += part.gradients() - part.output();
      // Its output a second time, and the slope that came back to it.
      peak = Math.max(peak, live + part.kept() + 2 * part.output() + part.working());
    }
    return peak;
  }
}
