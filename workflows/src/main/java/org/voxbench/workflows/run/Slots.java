package org.voxbench.workflows.run;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.SlotJournal;
import org.voxbench.workflows.journal.SlotJournal.Use;

/** Leases device slots to the steps that compute, so that as many work at a time as devices can. */
public final class Slots {

  private static final long ASK_EVERY_MILLIS = 100;

  /** So many times in vain, then it is asked whether those who have the slots live. */
  private static final int PATIENCE = 10;

  private static final Set<StepName> COMPUTING =
      EnumSet.of(StepName.PREPROCESS, StepName.TRAIN, StepName.EVALUATE);

  private final SlotJournal journal;
  private final Stops stops;
  private final Capacity capacity;
  private final Predicate<Use> lives;
  private final ToIntFunction<String> priority;
  private final LongConsumer wait;
  private final Line line = new Line();

  /** Slots that this process gave out: who has one of them gives it back. */
  private final Set<Use> own = new HashSet<>();

  /**
   * How many steps may compute at a time.
   *
   * @param cpu on the processors, at least 1
   * @param gpus graphics processors by the numbers or names that CUDA knows, one step each
   */
  public record Capacity(int cpu, List<String> gpus) {
    public Capacity {
      gpus = List.copyOf(gpus);
      if (cpu < 1) {
        throw new IllegalArgumentException(
            "slots: expected at least 1 for the processors but found " + cpu);
      }
      for (String gpu : gpus) {
        if (!gpu.matches("[A-Za-z0-9][A-Za-z0-9/-]{0,50}")) {
          throw new IllegalArgumentException(
              "GPUs: expected numbers such as 0,1 or CUDA's names but found \"" + gpu + "\"");
        }
      }
      if (new HashSet<>(gpus).size() < gpus.size()) {
        throw new IllegalArgumentException("GPUs: expected each once but found " + gpus);
      }
    }

    /** Only the processors. */
    public Capacity(int cpu) {
      this(cpu, List.of());
    }
  }

  /**
   * @param lives whether somebody works in a slot that an earlier coordinator gave out
   * @param priority of a run by its id: of those who wait, the higher one gets the next slot
   */
  public Slots(
      SlotJournal journal,
      Stops stops,
      Capacity capacity,
      Predicate<Use> lives,
      ToIntFunction<String> priority) {
    this(journal, stops, capacity, lives, priority, Slots::sleep);
  }

  /**
   * @param wait lets others have their turn; told for how many milliseconds
   */
  Slots(
      SlotJournal journal,
      Stops stops,
      Capacity capacity,
      Predicate<Use> lives,
      ToIntFunction<String> priority,
      LongConsumer wait) {
    this.journal = journal;
    this.stops = stops;
    this.capacity = capacity;
    this.lives = lives;
    this.priority = priority;
    this.wait = wait;
  }

  /**
   * Waits for a slot that suits a step; who has the higher priority, or came first, has the next.
   *
   * @return nothing for a step that only copies and writes
   * @throws org.voxbench.steps.StepStoppedException when the run was asked to stop meanwhile
   */
  Optional<Use> take(String run, StepName step, Resources resources) {
    if (!COMPUTING.contains(step)) {
      return Optional.empty();
    }
    Line.Place place = line.join(priority.applyAsInt(run), suitable(step, resources.device()));
    try {
      for (int asked = 1; true; asked++) {
        stops.check(run);
        if (asked % PATIENCE == 0 && line.isNext(place)) {
          releaseAbandoned();
        }
        Optional<Use> use = taken(place, run, step);
        if (use.isPresent()) {
          return use;
        }
        pause(ASK_EVERY_MILLIS);
      }
    } finally {
      line.leave(place);
    }
  }

  private synchronized Optional<Use> taken(Line.Place place, String run, StepName step) {
    if (!line.isNext(place)) {
      return Optional.empty();
    }
    Optional<Use> use = journal.take(place.suitable(), run, step);
    use.ifPresent(own::add);
    return use;
  }

  /** The workers of an earlier coordinator end by themselves; nobody may be there to see it. */
  private synchronized void releaseAbandoned() {
    for (Use use : journal.uses()) {
      if (!own.contains(use) && !lives.test(use)) {
        journal.release(use);
      }
    }
  }

  synchronized void release(Optional<Use> use) {
    use.ifPresent(
        mine -> {
          journal.release(mine);
          own.remove(mine);
        });
  }

  /** The slots in use, by name, and how many there are in all. */
  public Map<String, String> table() {
    Map<String, String> table = new TreeMap<>();
    cpus().forEach(slot -> table.put(slot, ""));
    gpus().forEach(slot -> table.put(slot, ""));
    journal.uses().forEach(use -> table.put(use.slot(), use.run() + " " + use.step().key()));
    return table;
  }

  /** How many wait for a slot. */
  public int waiting() {
    return line.size();
  }

  private List<String> suitable(StepName step, String device) {
    boolean gpu =
        !capacity.gpus().isEmpty() && step != StepName.PREPROCESS && !device.equals("cpu");
    return gpu ? gpus() : cpus();
  }

  private List<String> cpus() {
    return IntStream.range(0, capacity.cpu()).mapToObj(i -> "cpu/" + i).toList();
  }

  private List<String> gpus() {
    return capacity.gpus().stream().map(gpu -> "cuda/" + gpu).toList();
  }

  /** Waits for somebody else: for a slot, or for the output that another attempt makes. */
  void pause(long millis) {
    wait.accept(millis);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.voxbench.steps.StepStoppedException("interrupted while waiting");
    }
  }
}
