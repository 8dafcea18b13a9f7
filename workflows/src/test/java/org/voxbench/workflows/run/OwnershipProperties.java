package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.CrashingWorld.Fate;

/**
 * Walks through random commands, deaths of workers and coordinators, and jumps of the clock, with
 * the real journal, files and step runner, and asks after each what must always hold.
 */
class OwnershipProperties {

  enum Kind {
    SUBMIT,
    WORK,
    REBOOT,
    CANCEL,
    PAUSE,
    RESUME,
    CLOCK,
    KILL_ORPHANS
  }

  record Command(Kind kind, int number, Fate fate) {}

  @Provide
  Arbitrary<List<Command>> walks() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(3, Kind.SUBMIT),
            net.jqwik.api.Tuple.of(7, Kind.WORK),
            net.jqwik.api.Tuple.of(1, Kind.REBOOT),
            net.jqwik.api.Tuple.of(1, Kind.CANCEL),
            net.jqwik.api.Tuple.of(1, Kind.PAUSE),
            net.jqwik.api.Tuple.of(2, Kind.RESUME),
            net.jqwik.api.Tuple.of(1, Kind.CLOCK),
            net.jqwik.api.Tuple.of(1, Kind.KILL_ORPHANS));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 30), Arbitraries.of(Fate.class))
        .as(Command::new)
        .list()
        .ofMinSize(6)
        .ofMaxSize(24);
  }

  @Property(tries = 25, shrinking = ShrinkingMode.BOUNDED)
  void nothingIsLostDoneTwiceStuckOrOwnedByTwo(@ForAll("walks") List<Command> walk)
      throws IOException {
    Path folder = Files.createTempDirectory("voxbench-walk");
    try {
      CrashingWorld world = new CrashingWorld(folder);
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
      }
    } finally {
      delete(folder);
    }
  }

  private static void act(CrashingWorld world, Command command) throws IOException {
    switch (command.kind()) {
      case SUBMIT -> world.submit(command.number() % 3);
      case WORK -> world.work(command.number(), command.fate());
      case REBOOT -> world.boot();
      case CANCEL -> world.stop(command.number(), Stops.Why.CANCEL);
      case PAUSE -> world.stop(command.number(), Stops.Why.PAUSE);
      case RESUME -> world.resume(command.number());
      case CLOCK -> world.jump((command.number() - 15) * 3600L);
      case KILL_ORPHANS -> world.killOrphans();
    }
  }

  private static void holds(CrashingWorld world) throws IOException {
    assertThat(world.ownersOfOneFingerprint()).as("owners of one output").isLessThanOrEqualTo(1);
    assertThat(world.timesDone()).as("times an output was made").allMatch(times -> times == 1);
    assertThat(world.runs()).as("submitted runs").hasSize(world.submitted());
    for (Run run : world.runs()) {
      assertThat(run.state()).as("nobody works on %s", run.id()).isNotEqualTo(RunState.RUNNING);
      assertThat(world.onDisk(run.id())).as("the file of %s", run.id()).isEqualTo(run);
    }
    assertThat(world.slotsInUse()).as("slots in use that nobody needs").isZero();
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
