package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.journal.SlotJournal;
import org.voxbench.workflows.journal.SlotJournal.Use;
import org.voxbench.workflows.run.Slots.Capacity;

class SlotsTest {

  private static final Resources AUTO = new Resources(1, 1L << 30, "auto");
  private static final Resources CPU = new Resources(1, 1L << 30, "cpu");

  @TempDir private Path folder = Path.of("");
  private final Stops stops = new Stops(() -> false);
  private final AtomicInteger waits = new AtomicInteger();
  private final Set<Use> alive = new HashSet<>();
  private Runnable meanwhile = () -> {};
  private Slots slots = slots(new Capacity(1));

  private Slots slots(Capacity capacity) {
    return new Slots(journal(), stops, capacity, alive::contains, run -> 0, this::waited);
  }

  private SlotJournal journal() {
    if (known == null) {
      known = new RunBench(folder).journal.slots();
    }
    return known;
  }

  private @org.jspecify.annotations.Nullable SlotJournal known;

  private void waited(long millis) {
    assertThat(waits.incrementAndGet()).as("waits of %d ms", millis).isLessThan(100);
    meanwhile.run();
  }

  @BeforeEach
  void twoGpus() {
    known = null;
    slots = slots(new Capacity(1, List.of("3", "GPU-5a")));
  }

  @Test
  void eachGpuTakesOneStepAndTheNextWaitsUntilOneIsFree() {
    Optional<Use> first = slots.take("demo-1", StepName.TRAIN, AUTO);
    Optional<Use> second = slots.take("demo-2", StepName.TRAIN, AUTO);
    assertThat(first).map(Use::slot).contains("cuda/3");
    assertThat(second).map(Use::slot).contains("cuda/GPU-5a");

    meanwhile =
        () -> {
          if (waits.get() == 3) {
            slots.release(second);
          }
        };
    assertThat(slots.take("demo-3", StepName.EVALUATE, AUTO))
        .map(Use::slot)
        .contains("cuda/GPU-5a");
    assertThat(waits).hasValue(3);
    assertThat(slots.table())
        .containsEntry("cuda/3", "demo-1 train")
        .containsEntry("cuda/GPU-5a", "demo-3 evaluate")
        .containsEntry("cpu/0", "");
  }

  @Test
  void theHigherPriorityGetsTheNextSlotAndThenWhoCameFirst() throws Exception {
    Semaphore waiting = new Semaphore(0);
    List<String> served = Collections.synchronizedList(new ArrayList<>());
    Map<String, Integer> priorities = Map.of("demo-1", 0, "demo-2", 0, "demo-3", 5, "demo-4", 5);
    ThreadLocal<Boolean> told = ThreadLocal.withInitial(() -> false);
    Slots contested =
        new Slots(
            journal(),
            stops,
            new Capacity(1, List.of("0")),
            alive::contains,
            run -> priorities.getOrDefault(run, 0),
            millis -> {
              if (!told.get()) {
                told.set(true);
                waiting.release();
              }
              Thread.onSpinWait();
            });
    Optional<Use> held = contested.take("demo-0", StepName.TRAIN, AUTO);
    List<Thread> threads = new ArrayList<>();
    for (String run : new TreeSet<>(priorities.keySet())) {
      Thread thread =
          new Thread(
              () -> {
                Optional<Use> mine = contested.take(run, StepName.TRAIN, AUTO);
                served.add(run);
                contested.release(mine);
              });
      thread.start();
      threads.add(thread);
      assertThat(waiting.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }
    // Who waits for a GPU is in nobody's way who needs none.
    assertThat(contested.take("demo-5", StepName.TRAIN, CPU)).map(Use::slot).contains("cpu/0");
    assertThat(served).isEmpty();
    assertThat(contested.waiting()).isEqualTo(4);

    contested.release(held);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(served).containsExactly("demo-3", "demo-4", "demo-1", "demo-2");
  }

  @Test
  void whoLeavesTheLineHoldsNobodyUp() {
    Optional<Use> held = slots.take("demo-1", StepName.TRAIN, CPU);
    meanwhile = () -> stops.ask("demo-2", Stops.Why.CANCEL);
    assertThatThrownBy(() -> slots.take("demo-2", StepName.TRAIN, CPU))
        .isInstanceOf(StepStoppedException.class);
    slots.release(held);
    meanwhile = () -> {};
    assertThat(slots.take("demo-3", StepName.TRAIN, CPU)).map(Use::slot).contains("cpu/0");
  }

  @Test
  void aSlotOfAnEarlierCoordinatorIsFreeOnceItsWorkerEndedUnseen() {
    Use orphan = journal().take(List.of("cpu/0"), "demo-0", StepName.TRAIN).orElseThrow();
    alive.add(orphan);
    meanwhile =
        () -> {
          if (waits.get() == 30) {
            alive.clear();
          }
        };

    assertThat(slots.take("demo-1", StepName.TRAIN, CPU)).map(Use::slot).contains("cpu/0");
    assertThat(waits.get()).isBetween(30, 50);
  }

  @Test
  void aSlotThatWasGivenOutHereIsNobodyElsesHoweverLongItLooksDead() {
    Optional<Use> mine = slots.take("demo-1", StepName.TRAIN, CPU);
    meanwhile =
        () -> {
          assertThat(slots.table()).containsEntry("cpu/0", "demo-1 train");
          if (waits.get() == 50) {
            slots.release(mine);
          }
        };

    assertThat(slots.take("demo-2", StepName.TRAIN, CPU)).map(Use::slot).contains("cpu/0");
    assertThat(waits).hasValue(50);
  }

  @Test
  void whatNeedsNoGpuTakesNone() {
    assertThat(slots.take("demo-1", StepName.TRAIN, CPU)).map(Use::slot).contains("cpu/0");
    assertThat(slots.take("demo-2", StepName.DOWNLOAD, AUTO)).isEmpty();
    slots.release(Optional.of(new Use("cpu/0", "demo-1", StepName.TRAIN)));
    assertThat(slots.take("demo-2", StepName.PREPROCESS, AUTO)).map(Use::slot).contains("cpu/0");
  }

  @Test
  void aRunThatIsCancelledWaitsNoLonger() {
    slots.take("demo-1", StepName.TRAIN, CPU);
    meanwhile = () -> stops.ask("demo-2", Stops.Why.CANCEL);

    assertThatThrownBy(() -> slots.take("demo-2", StepName.TRAIN, CPU))
        .isInstanceOf(StepStoppedException.class);
    assertThat(slots.table()).containsEntry("cpu/0", "demo-1 train");
  }

  @Test
  void aListThatNamesNoGpusIsRefused() {
    assertThatThrownBy(() -> new Capacity(1, List.of("0", "zero one")))
        .hasMessageContaining("zero one");
    assertThatThrownBy(() -> new Capacity(1, List.of("0", "0"))).hasMessageContaining("once");
    assertThatThrownBy(() -> new Capacity(0)).hasMessageContaining("at least 1");
  }

  @Test
  void aWorkerSeesTheGpuOfItsSlotAlone() {
    assertThat(ProcessExecutor.visible("cuda/GPU-5a")).contains("GPU-5a");
    assertThat(ProcessExecutor.visible("cpu/0")).isEmpty();
    assertThat(ProcessExecutor.visible("")).isEmpty();
  }
}
