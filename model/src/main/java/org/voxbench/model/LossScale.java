package org.voxbench.model;

import java.util.Map;

/**
 * The factor that keeps small float16 gradients from vanishing: halved when a step overflows,
 * doubled after many good steps. Always 1 in other precisions.
 *
 * @param factor the loss is multiplied by it
 * @param good steps applied since it last changed
 * @param moving whether it changes at all
 */
record LossScale(double factor, int good, boolean moving) {

  private static final double START = 65536;
  private static final int PATIENCE = 2000;

  static LossScale initial(Precision precision) {
    boolean moving = precision == Precision.FLOAT16;
    return new LossScale(moving ? START : 1, 0, moving);
  }

  LossScale after(boolean applied) {
    if (!moving) {
      return this;
    }
    if (!applied) {
      return new LossScale(Math.max(1, factor / 2), 0, true);
    }
    return good + 1 < PATIENCE
        ? new LossScale(factor, good + 1, true)
        : new LossScale(factor * 2, 0, true);
  }

  void write(Map<String, String> metadata) {
    metadata.put("loss_scale", Double.toString(factor));
    metadata.put("loss_scale_good", Integer.toString(good));
  }

  /** What was written, or this where the precision has changed since. */
  LossScale read(Map<String, String> metadata) {
    String written = metadata.get("loss_scale");
    String since = metadata.get("loss_scale_good");
    if (!moving || written == null || since == null) {
      return this;
    }
    return new LossScale(Double.parseDouble(written), Integer.parseInt(since), true);
  }
}
