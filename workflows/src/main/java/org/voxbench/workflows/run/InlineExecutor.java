package org.voxbench.workflows.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Works in the coordinator's own process: for tests and for steps that load no native code. */
public final class InlineExecutor implements Executor {

  private final Worker worker;
  private final Stops stops;

  public InlineExecutor(Worker worker, Stops stops) {
    this.worker = worker;
    this.stops = stops;
  }

  @Override
  public Result execute(AttemptFolder folder, Watch watch) throws IOException {
    String run = folder.readRequest().run();
    try {
      return worker.work(folder, () -> stops.requested(run));
    } finally {
      boolean unused = watch.look();
    }
  }

  @Override
  public @Nullable Result attend(AttemptFolder folder, Watch watch) throws IOException {
    boolean unused = watch.look();
    return folder.readResult();
  }

  @Override
  public boolean alive(AttemptFolder folder) {
    return false;
  }

  @Override
  public String epitaph(AttemptFolder folder) {
    return "the step ended without a result";
  }
}
