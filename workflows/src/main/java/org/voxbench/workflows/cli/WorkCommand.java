package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.Worker;
import org.voxbench.workflows.run.WorkerLife;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A worker: started by an executor, not by hand. */
@Command(
    name = "work",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Works on one attempt of one step. Executors call this.")
final class WorkCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FOLDER", description = "the attempt's folder, holding request.json")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    Interruption stop = Interruption.listening();
    AttemptFolder attempt = new AttemptFolder(folder.toAbsolutePath());
    InstantSource clock = InstantSource.system();
    AttemptFolder.Request request = attempt.readRequest();
    Logs.worker(request.run(), request.step(), attempt.number());
    WorkerLife life = WorkerLife.begin(attempt, System.in, clock, stop::request);
    try {
      Worker worker = new Worker(Steps.all(Worker.natives()), clock);
      Ending ending = worker.work(attempt, stop).ending();
      return switch (ending) {
        case SUCCEEDED -> ExitCode.DONE;
        case STOPPED -> ExitCode.STOPPED;
        case TRANSIENT_FAILURE, PERMANENT_FAILURE -> ExitCode.FAILED;
      };
    } finally {
      life.close();
      stop.saved();
    }
  }
}
