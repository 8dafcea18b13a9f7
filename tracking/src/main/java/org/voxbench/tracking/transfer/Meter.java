package org.voxbench.tracking.transfer;

import java.util.function.Consumer;

/** Says how far a transfer is, and how long the rest may take by what the runs took so far. */
final class Meter {

  private static final long EVERY_NANOS = 250_000_000L;

  private final Consumer<Transfer.Progress> listener;
  private final long start = System.nanoTime();
  private long total;
  private long done;
  private long bytes;
  private long points;
  private long lastTold = start - EVERY_NANOS;

  Meter(Consumer<Transfer.Progress> listener) {
    this.listener = listener;
  }

  void expect(long runs) {
    total += runs;
  }

  void runDone() {
    done++;
    tell("");
  }

  void bytes(long more, String what) {
    bytes += more;
    tell(what);
  }

  void points(long more, String what) {
    points += more;
    tell(what);
  }

  void tell(String what) {
    if (System.nanoTime() - lastTold >= EVERY_NANOS) {
      tellNow(what);
    }
  }

  void tellNow(String what) {
    lastTold = System.nanoTime();
    double seconds = (lastTold - start) / 1e9;
    double left = done == 0 ? Double.NaN : seconds / done * (total - done);
    listener.accept(new Transfer.Progress(done, total, points, bytes, left, what));
  }
}
