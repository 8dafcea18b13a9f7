package org.voxbench.steps.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds scans that stand under several names. */
final class Duplicates {

  private Duplicates() {}

  private record Place(String dataset, String id) {}

  static List<CheckReport.Duplicate> in(List<DatasetVerdict> datasets) {
    Map<String, List<Place>> places = new TreeMap<>();
    for (DatasetVerdict dataset : datasets) {
      for (CaseVerdict one : dataset.cases()) {
        if (!one.content().isEmpty()) {
          places
              .computeIfAbsent(one.content(), content -> new ArrayList<>())
              .add(new Place(dataset.name(), one.id()));
        }
      }
    }
    List<CheckReport.Duplicate> duplicates = new ArrayList<>();
    places.forEach(
        (content, twins) -> {
          if (twins.size() > 1) {
            boolean across = twins.stream().map(Place::dataset).distinct().count() > 1;
            List<String> names =
                twins.stream().map(place -> place.dataset() + "/" + place.id()).toList();
            duplicates.add(new CheckReport.Duplicate(content, names, across));
          }
        });
    duplicates.sort(Comparator.comparing(duplicate -> duplicate.cases().get(0)));
    return duplicates;
  }
}
