package org.voxbench.model.pytorch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as a pickle describes it: a window on a storage. All of it lies within the storage once
 * {@link #fault} is null.
 *
 * @param storage where the numbers are
 * @param offset first element
 * @param shape sizes
 * @param strides elements from one index to the next, per axis
 */
record TensorView(Storage storage, long offset, List<Long> shape, List<Long> strides) {

  static final int MOST_AXES = 8;

  /** What is impossible about this view, or null. */
  @Nullable String fault() {
    if (shape.size() != strides.size() || shape.size() > MOST_AXES) {
      return "shape %s does not go with strides %s".formatted(shape, strides);
    }
    try {
      long last = offset;
      for (int axis = 0; axis < shape.size(); axis++) {
        if (shape.get(axis) < 0 || strides.get(axis) < 0) {
          return "shape %s with strides %s has a negative number".formatted(shape, strides);
        }
        last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, strides.get(axis)));
      }
      if (offset < 0 || (elements() > 0 && last >= storage.elements())) {
        return "elements %d to %d of a storage of %d".formatted(offset, last, storage.elements());
      }
      return null;
    } catch (ArithmeticException e) {
      return "shape %s with strides %s is larger than any file".formatted(shape, strides);
    }
  }

  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether the elements lie one after another, row by row. */
  boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return false;
      }
      expected *= shape.get(axis);
    }
    return true;
  }
}
