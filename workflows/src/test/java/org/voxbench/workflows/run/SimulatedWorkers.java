package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Worker processes that outlive coordinators; what becomes of each is decided from outside. */
final class SimulatedWorkers {

  /** What becomes of a worker. */
  enum Fate {
    COMPLETES,
    FAILS,
    IS_TRANSIENT,
    DIES
  }

  private final Map<Path, AttemptFolder> alive = new LinkedHashMap<>();
  private final List<Path> asked = new ArrayList<>();
  private final Map<String, Integer> made = new HashMap<>();
  private final Worker worker;

  SimulatedWorkers(StepCatalogue steps, InstantSource clock) {
    worker = new Worker(steps, clock);
  }

  /** One of the living workers meets its fate; nothing when there is none. */
  void meet(int which, Fate fate) throws IOException {
    if (!alive.isEmpty()) {
      List<AttemptFolder> all = List.copyOf(alive.values());
      meet(all.get(which % all.size()), fate);
    }
  }

  private void meet(AttemptFolder folder, Fate fate) throws IOException {
    boolean stopping = asked.contains(folder.root());
    switch (fate) {
      case COMPLETES -> {
        Result result = worker.work(folder, () -> stopping);
        if (result.ending() == Ending.SUCCEEDED) {
          made.merge(folder.readRequest().fingerprint().digest(), 1, Integer::sum);
        }
      }
      case FAILS -> end(folder, stopping ? Ending.STOPPED : Ending.PERMANENT_FAILURE);
      case IS_TRANSIENT -> end(folder, stopping ? Ending.STOPPED : Ending.TRANSIENT_FAILURE);
      case DIES -> {}
    }
    asked.remove(folder.root());
    alive.remove(folder.root());
  }

  private static void end(AttemptFolder folder, Ending ending) throws IOException {
    folder.write(new Result(ending, "as fate would have it", Map.of(), List.of()));
  }

  /** Everyone ends well, or stops where it was asked to. */
  void allEnd() throws IOException {
    for (AttemptFolder folder : List.copyOf(alive.values())) {
      meet(folder, asked.contains(folder.root()) ? Fate.FAILS : Fate.COMPLETES);
    }
  }

  /** The workers of a run get a signal that nobody waits longer for than they need. */
  void signal(String run, Fate fate) throws IOException {
    for (AttemptFolder folder : List.copyOf(alive.values())) {
      if (folder.readRequest().run().equals(run)) {
        asked.add(folder.root());
        meet(folder, fate);
      }
    }
  }

  /** Somebody kills them all. */
  void kill() {
    alive.clear();
    asked.clear();
  }

  /** How often each output was made, by fingerprint. */
  Map<String, Integer> made() {
    return made;
  }

  /** How many live workers make the same output, at most. */
  long rivals() throws IOException {
    Map<String, Integer> makers = new HashMap<>();
    for (AttemptFolder folder : alive.values()) {
      makers.merge(folder.readRequest().fingerprint().digest(), 1, Integer::sum);
    }
    return makers.values().stream().mapToInt(n -> n).max().orElse(0);
  }

  /** As one coordinator sees them. */
  Executor seenBy(MortalDatabase life, Stops stops) {
    return new Seen(life, stops);
  }

  private final class Seen implements Executor {
    private final MortalDatabase life;
    private final Stops stops;

    Seen(MortalDatabase life, Stops stops) {
      this.life = life;
      this.stops = stops;
    }

    @Override
    public @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException {
      alive.put(folder.root(), folder);
      return attend(folder, watch);
    }

    @Override
    public @Nullable Result attend(AttemptFolder folder, Watch watch) throws IOException {
      String run = folder.readRequest().run();
      while (alive(folder)) {
        if ((!watch.look() || stops.requested(run)) && !asked.contains(folder.root())) {
          asked.add(folder.root());
        }
        Strand.pause();
        life.check();
      }
      boolean unused = watch.look();
      return folder.readResult();
    }

    @Override
    public boolean alive(AttemptFolder folder) {
      return alive.containsKey(folder.root());
    }

    @Override
    public String epitaph(AttemptFolder folder) {
      return "the simulated worker died";
    }
  }
}
