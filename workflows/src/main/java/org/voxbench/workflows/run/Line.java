package org.voxbench.workflows.run;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Those who wait for a slot, in the order in which they get one: by priority, then as they came.
 */
final class Line {

  /**
   * One who waits.
   *
   * @param number counts those who ever waited
   * @param suitable slots of which any will do
   */
  record Place(int priority, long number, List<String> suitable) {}

  private final NavigableSet<Place> places =
      new TreeSet<>(
          Comparator.comparingInt(Place::priority).reversed().thenComparingLong(Place::number));

  private long number;

  synchronized Place join(int priority, List<String> suitable) {
    Place place = new Place(priority, number++, suitable);
    places.add(place);
    return place;
  }

  /** Whether nobody before this place waits for a slot that this one could take. */
  synchronized boolean isNext(Place place) {
    return places.headSet(place).stream()
        .allMatch(before -> Collections.disjoint(before.suitable(), place.suitable()));
  }

  synchronized void leave(Place place) {
    places.remove(place);
  }

  synchronized int size() {
    return places.size();
  }
}
