package org.voxbench.steps.evaluate;

import java.util.Set;

/**
 * What is scored as one: a class, or a region made of several classes.
 *
 * @param key the label's number, or the region's name
 * @param name what people call it
 * @param labels the label values that belong to it, 1 to 255
 * @param published whether it counts in the published table's mean
 */
record Structure(String key, String name, Set<Integer> labels, boolean published) {

  Structure {
    labels = Set.copyOf(labels);
  }

  boolean holds(int label) {
    return labels.contains(label);
  }
}
