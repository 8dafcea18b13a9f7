package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.SlotJournal.Use;
import org.voxbench.workflows.run.SimulatedWorkers.Fate;

/**
 * Walks through random commands, deaths of workers and coordinators at any access of the index, and
 * jumps of the clock, with the real journal, files and step runner, several runs at a time, and
 * asks after each what must always hold.
 */
class OwnershipProperties {

  private static final MortalDatabase DATABASE = new MortalDatabase();

  enum Kind {
    SUBMIT,
    BEGIN,
    ADVANCE,
    WORKER,
    CANCEL,
    PAUSE,
    RESUME,
    CLOCK,
    KILL_WORKERS,
    KILL_COORDINATOR,
    DOOM_COORDINATOR
  }

  record Command(Kind kind, int number, Fate fate) implements Serializable {
    @Override
    public String toString() {
      return kind + " " + number + (kind == Kind.ADVANCE ? "" : " " + fate);
    }
  }

  @AfterContainer
  static void close() {
    DATABASE.close();
  }

  @Provide
  Arbitrary<List<Command>> walks() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(4, Kind.SUBMIT),
            Tuple.of(6, Kind.BEGIN),
            Tuple.of(22, Kind.ADVANCE),
            Tuple.of(14, Kind.WORKER),
            Tuple.of(2, Kind.CANCEL),
            Tuple.of(2, Kind.PAUSE),
            Tuple.of(3, Kind.RESUME),
            Tuple.of(2, Kind.CLOCK),
            Tuple.of(1, Kind.KILL_WORKERS),
            Tuple.of(1, Kind.KILL_COORDINATOR),
            Tuple.of(2, Kind.DOOM_COORDINATOR));
    Arbitrary<Fate> fates =
        Arbitraries.frequency(
            Tuple.of(8, Fate.COMPLETES),
            Tuple.of(1, Fate.FAILS),
            Tuple.of(1, Fate.IS_TRANSIENT),
            Tuple.of(2, Fate.DIES));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 30), fates)
        .as(Command::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(80);
  }

  @Property(tries = 250, shrinking = ShrinkingMode.BOUNDED)
  void nothingIsLostDoneTwiceStuckOrOwnedByTwo(@ForAll("walks") List<Command> walk)
      throws Exception {
    Path folder = folder();
    try {
      CrashingWorld world = new CrashingWorld(folder, DATABASE);
      for (Command command : walk) {
        act(world, command);
        holds(world);
      }
      world.calm();
      holds(world);
      for (Run run : world.runs()) {
        assertThat(run.state())
            .as("run %s can always be brought to its end", run.id())
            .isEqualTo(RunState.SUCCEEDED);
        assertThat(world.product(run)).as("product of %s", run.id()).isEqualTo(whole(world, run));
      }
    } finally {
      delete(folder);
    }
  }

  /**
   * Memory where there is some to be had as files: what is asked of the disk here is order only.
   */
  private static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "voxbench-walk")
        : Files.createTempDirectory("voxbench-walk");
  }

  /** What the last step writes when all of them were done once, in order. */
  private static String whole(CrashingWorld world, Run run) {
    Integer number = world.submitted().get(run.id());
    StringBuilder all = new StringBuilder();
    StepName[] steps = StepName.values();
    for (int i = steps.length - 1; i >= 0; i--) {
      all.append(steps[i].key()).append(' ').append(number).append('\n');
    }
    return all.toString();
  }

  private static void act(CrashingWorld world, Command command) throws Exception {
    int number = command.number();
    switch (command.kind()) {
      case SUBMIT -> world.submit(number % 3);
      case BEGIN -> world.begin(number);
      case ADVANCE -> world.advance(number);
      case WORKER -> world.worker(number, command.fate());
      case CANCEL -> world.stop(number, Stops.Why.CANCEL, command.fate());
      case PAUSE -> world.stop(number, Stops.Why.PAUSE, command.fate());
      case RESUME -> world.resume(number);
      case CLOCK -> world.jump((number - 15) * 3600L);
      case KILL_WORKERS -> world.killWorkers();
      case KILL_COORDINATOR -> world.boot(number % 2 == 0 ? Integer.MAX_VALUE : number);
      case DOOM_COORDINATOR -> world.doom(number);
    }
  }

  private static void holds(CrashingWorld world) throws IOException {
    assertThat(world.surprises()).as("what nobody expects").isEmpty();
    assertThat(world.workers().rivals()).as("workers on one output").isLessThanOrEqualTo(1);
    assertThat(world.workers().made().values())
        .as("times an output was made")
        .allMatch(times -> times == 1);
    assertThat(world.submitted().keySet())
        .as("runs that were asked for")
        .allMatch(id -> Files.exists(world.truth().file(id)));
    for (Run run : world.runs()) {
      assertThat(run.state() == RunState.RUNNING && !world.attended().contains(run.id()))
          .as("%s runs and nobody works on it", run.id())
          .isFalse();
      assertThat(world.onDisk(run.id())).as("the file of %s", run.id()).isEqualTo(run);
    }
    slotsHaveUsers(world);
  }

  /** A slot is used by a run that is attended to, or by an attempt that may still be adopted. */
  private static void slotsHaveUsers(CrashingWorld world) {
    Set<String> open = new HashSet<>();
    for (Attempt attempt : world.truth().attempts().open()) {
      open.add(attempt.run() + attempt.step());
    }
    for (Use use : world.truth().slots().uses()) {
      assertThat(open.contains(use.run() + use.step()) || world.attended().contains(use.run()))
          .as("slot %s of %s is in use", use.slot(), use.run())
          .isTrue();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
