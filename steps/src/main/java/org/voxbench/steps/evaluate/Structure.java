package org.voxbench.steps.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is scored as one: a class, or a region made of several classes.
 *
 * @param key the label's number, or the region's name
 * @param name what people call it
 * @param labels the label values that belong to it, 1 to 127
 * @param published whether it counts in the published table's mean
 */
record Structure(String key, String name, Set<Integer> labels, boolean published) {

  Structure {
    labels = Set.copyOf(labels);
  }

  boolean holds(int label) {
    return labels.contains(label);
  }

  /**
   * The classes by value, then the regions by name.
   *
   * @throws IllegalArgumentException naming what is published or part of a region but no class
   */
  static List<Structure> all(Evaluate.Request request) {
    List<Structure> structures = new ArrayList<>();
    List<String> published = request.published();
    for (Map.Entry<Integer, String> label : request.labels().entrySet()) {
      if (label.getKey() < 1 || label.getKey() > 127) {
        throw new IllegalArgumentException(
            "labels: expected voxel values of 1 to 127 but found " + label.getKey());
      }
      String key = label.getKey().toString();
      boolean counts = published.isEmpty() || published.contains(key);
      structures.add(new Structure(key, label.getValue(), Set.of(label.getKey()), counts));
    }
    for (Map.Entry<String, List<Integer>> region : request.regions().entrySet()) {
      for (int label : region.getValue()) {
        if (!request.labels().containsKey(label)) {
          throw new IllegalArgumentException(
              "regions.%s: expected labels out of %s but found %d"
                  .formatted(region.getKey(), request.labels().keySet(), label));
        }
      }
      boolean counts = published.contains(region.getKey());
      structures.add(
          new Structure(region.getKey(), region.getKey(), Set.copyOf(region.getValue()), counts));
    }
    List<String> keys = structures.stream().map(Structure::key).toList();
    if (!keys.containsAll(published) || structures.isEmpty()) {
      throw new IllegalArgumentException(
          "published: expected some of %s but found %s".formatted(keys, published));
    }
    return structures;
  }
}
