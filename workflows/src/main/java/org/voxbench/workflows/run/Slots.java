package org.voxbench.workflows.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.SlotJournal;
import org.voxbench.workflows.journal.SlotJournal.Use;

/** Leases device slots to the steps that compute, so that as many work at a time as devices can. */
public final class Slots {

  private static final long ASK_EVERY_MILLIS = 100;
  private static final Set<StepName> COMPUTING =
      EnumSet.of(StepName.PREPROCESS, StepName.TRAIN, StepName.EVALUATE);

  private final SlotJournal journal;
  private final Stops stops;
  private final Capacity capacity;
  private final LongConsumer wait;

  /**
   * How many steps may compute at a time.
   *
   * @param cpu on the processors, at least 1
   * @param gpus graphics processors, one step each; 0 or more
   */
  public record Capacity(int cpu, int gpus) {
    public Capacity {
      if (cpu < 1 || gpus < 0) {
        throw new IllegalArgumentException(
            "slots: expected at least 1 for the processors and at least 0 GPUs but found "
                + cpu
                + " and "
                + gpus);
      }
    }
  }

  public Slots(SlotJournal journal, Stops stops, Capacity capacity) {
    this(journal, stops, capacity, Slots::sleep);
  }

  /**
   * @param wait lets others have their turn; told for how many milliseconds
   */
  Slots(SlotJournal journal, Stops stops, Capacity capacity, LongConsumer wait) {
    this.journal = journal;
    this.stops = stops;
    this.capacity = capacity;
    this.wait = wait;
  }

  /**
   * Waits for a slot that suits a step.
   *
   * @return nothing for a step that only copies and writes
   * @throws org.voxbench.steps.StepStoppedException when the run was asked to stop meanwhile
   */
  Optional<Use> take(String run, StepName step, Resources resources) {
    if (!COMPUTING.contains(step)) {
      return Optional.empty();
    }
    List<String> suitable = suitable(step, resources.device());
    while (true) {
      stops.check(run);
      Optional<Use> use = journal.take(suitable, run, step);
      if (use.isPresent()) {
        return use;
      }
      pause(ASK_EVERY_MILLIS);
    }
  }

  void release(Optional<Use> use) {
    use.ifPresent(journal::release);
  }

  /** The slots in use, by name, and how many there are in all. */
  public Map<String, String> table() {
    Map<String, String> table = new TreeMap<>();
    names("cpu", capacity.cpu()).forEach(slot -> table.put(slot, ""));
    names("cuda", capacity.gpus()).forEach(slot -> table.put(slot, ""));
    journal.uses().forEach(use -> table.put(use.slot(), use.run() + " " + use.step().key()));
    return table;
  }

  private List<String> suitable(StepName step, String device) {
    boolean gpu = capacity.gpus() > 0 && step != StepName.PREPROCESS && !device.equals("cpu");
    return gpu ? names("cuda", capacity.gpus()) : names("cpu", capacity.cpu());
  }

  private static List<String> names(String device, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(device + "/" + i);
    }
    return names;
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
