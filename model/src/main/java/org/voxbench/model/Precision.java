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
  AUTO
}
