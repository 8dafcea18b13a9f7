package org.voxbench.model.pytorch;

/**
 * Numbers that lie outside the pickle, in an entry of their own.
 *
 * @param key name of the entry
 * @param type type of every number
 * @param elements how many numbers
 */
record Storage(String key, ElementType type, long elements) {

  long bytes() {
    return Math.multiplyExact(elements, (long) type.width());
  }
}
