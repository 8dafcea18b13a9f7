package org.voxbench.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Sends a batch that the server takes wholly or not at all; from one that it refuses, finds by
 * halving what is at fault and sends all the rest in its order.
 */
final class Sieve<T> {

  /** Sends a batch. */
  @FunctionalInterface
  interface Send<T> {
    void send(List<T> batch) throws TrackingException;
  }

  private final Send<T> send;
  private final Function<T, String> name;
  private final List<Refusals.Refusal> refused = new ArrayList<>();

  Sieve(Send<T> send, Function<T, String> name) {
    this.send = send;
    this.name = name;
  }

  /** Sends all it can and remembers the rest. */
  void put(List<T> batch) throws TrackingException {
    if (batch.isEmpty()) {
      return;
    }
    try {
      send.send(batch);
    } catch (TrackingRefusedException refusal) {
      if (refusal.isMissing()) {
        throw refusal;
      }
      if (batch.size() == 1) {
        String reason = String.valueOf(refusal.getMessage());
        refused.add(new Refusals.Refusal(name.apply(batch.get(0)), reason));
        return;
      }
      put(batch.subList(0, batch.size() / 2));
      put(batch.subList(batch.size() / 2, batch.size()));
    }
  }

  Refusals refused() {
    return new Refusals(refused);
  }
}
