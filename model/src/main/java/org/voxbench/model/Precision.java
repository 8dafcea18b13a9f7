package org.voxbench.model;

/** In which number format the network computes; its weights and statistics always stay float32. */
public enum Precision {
  /** Single precision throughout. */
  FLOAT32,
  /** Half the memory, the range of float32. */
  BFLOAT16,
  /** Half the memory with a small range: training scales the loss. */
  FLOAT16,
  /** bfloat16 where the processor or GPU computes it natively, else float32. */
  AUTO;

  /** The number of this type in TorchScript. */
  long code() {
    return switch (this) {
      case FLOAT32 -> 6;
      case BFLOAT16 -> 15;
      case FLOAT16 -> 5;
      case AUTO -> throw new IllegalStateException("the precision has not been chosen yet");
    };
  }
}
