package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Path;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.config.ExperimentFile;
import org.voxbench.workflows.run.Stops;
import org.voxbench.workflows.sweep.SweepBook.Frozen;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepWork.CellDesk;

/** Makes runs of the cells of sweeps. */
public final class SweepDesk implements CellDesk {

  private final Desk desk;
  private final Stops stops;
  private final ExperimentFile experiments =
      new ExperimentFile(Steps.all(Path.of("")).requestTypes());

  public SweepDesk(Desk desk, Stops stops) {
    this.desk = desk;
    this.stops = stops;
  }

  @Override
  public String submit(Frozen frozen, SweepRun sweep, SweepRun.Cell cell) throws IOException {
    Experiment experiment = experiments.restore(frozen.file().toString(), frozen.experiment());
    return desk.submit(
        new Order(experiment, frozen.file(), sweep.order().priority(), sweep.id(), cell.label()));
  }

  @Override
  public void resume(String run) throws IOException {
    desk.resume(run);
  }

  @Override
  public boolean stopping() {
    return stops.everything();
  }
}
