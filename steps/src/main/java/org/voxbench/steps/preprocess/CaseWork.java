package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.dataset.CaseStore;
import org.voxbench.steps.dataset.Claim;
import org.voxbench.steps.dataset.PreparedFiles;

/**
 * Gets each case of a dataset: takes it from the store that runs share, or has it prepared and puts
 * it there. Where two runs want the same case at once, one prepares it and the other waits.
 */
final class CaseWork {

  private static final long LOOK_EVERY_MILLIS = 100;
  private static final int NAMED = 8;

  private final @Nullable CaseStore store;
  private final PreparedFiles target;
  private final StepContext context;
  private final Consumer<String> notes;
  private final AtomicInteger reused = new AtomicInteger();
  private final Collection<String> prepared = new ConcurrentSkipListSet<>();

  /** Prepares a case and writes it to the dataset. */
  @FunctionalInterface
  interface Preparing {
    void run() throws IOException;
  }

  /**
   * @param notes told in sentences, from many threads
   */
  CaseWork(StepContext context, PreparedFiles target, Consumer<String> notes) {
    this.context = context;
    this.target = target;
    this.notes = notes;
    store = context.shared().map(CaseStore::new).orElse(null);
  }

  /** Whether the case will most likely not have to be prepared. */
  boolean mayReuse(String key) {
    return store != null && store.holds(key);
  }

  /**
   * What a case was prepared to by an earlier run, where that was something else and the case has
   * to be prepared again.
   *
   * @param scan digest of the raw scan
   */
  Optional<String> before(String scan, String key) throws IOException {
    return store == null || store.holds(key) ? Optional.empty() : store.remembered(scan);
  }

  /** Notes what a case was prepared to now. */
  void remember(String scan, String making) {
    if (store == null) {
      return;
    }
    try {
      if (!store.remembered(scan).equals(Optional.of(making))) {
        store.remember(scan, making);
      }
    } catch (IOException e) {
      // Two runs noted it at once, or the disk is full: only a later run's explanation is lost.
      notes.accept("not noted what a case was prepared to: " + e.getMessage());
    }
  }

  /** Gets one case; when that fails nothing of it is left in the dataset. */
  void get(String id, String key, Preparing preparing) throws IOException {
    if (store == null) {
      prepare(id, preparing);
      return;
    }
    Claim claim = claim(store, id, key);
    try (claim) {
      if (taken(store, id, key)) {
        reused.incrementAndGet();
        return;
      }
      prepare(id, preparing);
      store.share(key, id, target);
    }
  }

  private void prepare(String id, Preparing preparing) throws IOException {
    try {
      preparing.run();
      prepared.add(id);
    } catch (IOException | RuntimeException | Error e) {
      discard(id, e);
      throw e;
    }
  }

  private void discard(String id, Throwable cause) {
    try {
      target.discard(id);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean taken(CaseStore from, String id, String key) throws IOException {
    if (!from.holds(key)) {
      return false;
    }
    Optional<String> damage = from.take(key, id, target);
    damage.ifPresent(
        what -> notes.accept("case " + id + ": the shared copy's " + what + ": prepared again"));
    return damage.isEmpty();
  }

  private Claim claim(CaseStore from, String id, String key) throws IOException {
    boolean told = false;
    while (true) {
      Optional<Claim> claim = from.claim(key);
      if (claim.isPresent()) {
        return claim.get();
      }
      if (!told && !from.holds(key)) {
        told = true;
        notes.accept("case " + id + " is just being prepared by somebody else: waiting for it");
      }
      if (context.stop().requested()) {
        throw new StepStoppedException("stopped on request while waiting for case " + id);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepStoppedException("interrupted while waiting for another run", e);
    }
  }

  /** In words, what came from other runs; nothing when all had to be prepared. */
  Optional<String> summary() {
    int all = reused.get() + prepared.size();
    if (reused.get() == 0) {
      return Optional.empty();
    }
    List<String> named = prepared.stream().limit(NAMED).toList();
    int more = prepared.size() - named.size();
    return Optional.of(
        "%d of %d cases reused%s%s"
            .formatted(
                reused.get(),
                all,
                named.isEmpty() ? "" : ", prepared anew: " + String.join(", ", named),
                more > 0 ? " and " + more + " more" : ""));
  }
}
