package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.config.SweepFile;
import org.voxbench.workflows.schedule.Schedule;
import org.voxbench.workflows.schedule.Schedules.SweepStarter;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepRun;

/** Begins the sweeps of schedules: every cell is run again, whatever succeeded earlier. */
public final class ScheduledSweeps implements SweepStarter {

  private final SweepBook book;
  private final Consumer<String> begin;

  /**
   * @param begin has a sweep worked on
   */
  public ScheduledSweeps(SweepBook book, Consumer<String> begin) {
    this.book = book;
    this.begin = begin;
  }

  @Override
  public String begin(Schedule schedule) throws IOException {
    SweepFile reader = new SweepFile(Steps.all(Path.of("")).requestTypes());
    Sweep sweep = reader.read(schedule.file(), schedule.overrides(), schedule.data());
    SweepRun begun = book.begin(sweep, Steps.versions(), true, schedule.name());
    begin.accept(begun.id());
    return begun.id();
  }

  @Override
  public Optional<SweepRun> goingOn(String schedule) throws IOException {
    return book.all().stream()
        .filter(sweep -> sweep.state() == SweepRun.State.RUNNING)
        .filter(sweep -> schedule.equals(sweep.order().schedule()))
        .findFirst();
  }
}
