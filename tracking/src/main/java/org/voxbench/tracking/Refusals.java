package org.voxbench.tracking;

import java.util.List;

/** What of a call the server will never take, while all the rest of the call was taken. */
public record Refusals(List<Refusal> items) {

  /** Nothing was refused. */
  public static final Refusals NONE = new Refusals(List.of());

  /** One thing that was refused, and why. */
  public record Refusal(String item, String reason) {}

  public Refusals {
    items = List.copyOf(items);
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }
}
