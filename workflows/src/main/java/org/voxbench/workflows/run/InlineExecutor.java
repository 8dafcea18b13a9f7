package org.voxbench.workflows.run;

import java.io.IOException;
import org.voxbench.steps.StopSignal;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Works in the coordinator's own process: for tests and for steps that load no native code. */
public final class InlineExecutor implements Executor {

  private final Worker worker;
  private final StopSignal stop;

  public InlineExecutor(Worker worker, StopSignal stop) {
    this.worker = worker;
    this.stop = stop;
  }

  @Override
  public Result execute(AttemptFolder folder, Watch watch) throws IOException {
    try {
      return worker.work(folder, stop);
    } finally {
      watch.look();
    }
  }

  @Override
  public String epitaph(AttemptFolder folder) {
    return "the step ended without a result";
  }
}
