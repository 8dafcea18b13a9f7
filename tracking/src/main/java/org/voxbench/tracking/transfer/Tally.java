package org.voxbench.tracking.transfer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.voxbench.tracking.Refusals;

/** Counts what was copied, what was there already and what was refused, with the reasons. */
final class Tally {

  private static final int COPIED = 0;
  private static final int THERE = 1;
  private static final int REFUSED = 2;

  private final Map<Kind, long[]> counts = new EnumMap<>(Kind.class);
  private final List<Transfer.Refused> refused = new ArrayList<>();

  void copied(Kind kind, long number) {
    add(kind, COPIED, number);
  }

  void there(Kind kind, long number) {
    add(kind, THERE, number);
  }

  void refused(Kind kind, String what, String why) {
    add(kind, REFUSED, 1);
    refused.add(new Transfer.Refused(kind.shown, what, why));
  }

  void refused(Kind kind, String owner, Refusals refusals) {
    for (Refusals.Refusal one : refusals.items()) {
      refused(kind, owner + ": " + one.item(), one.reason());
    }
  }

  private void add(Kind kind, int column, long number) {
    counts.computeIfAbsent(kind, none -> new long[3])[column] += number;
  }

  /** How much was copied so far, of all kinds. */
  long copies() {
    return counts.values().stream().mapToLong(row -> row[COPIED]).sum();
  }

  List<Transfer.Count> counts() {
    return counts.entrySet().stream()
        .map(
            entry ->
                new Transfer.Count(
                    entry.getKey().shown,
                    entry.getValue()[COPIED],
                    entry.getValue()[THERE],
                    entry.getValue()[REFUSED]))
        .toList();
  }

  List<Transfer.Refused> reasons() {
    return List.copyOf(refused);
  }
}
