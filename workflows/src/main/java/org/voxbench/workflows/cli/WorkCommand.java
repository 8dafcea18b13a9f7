package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.Worker;
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
    stopWithParent(stop);
    try {
      Worker worker = new Worker(Steps.all(Worker.natives()), InstantSource.system());
      Ending ending = worker.work(new AttemptFolder(folder.toAbsolutePath()), stop).ending();
      return switch (ending) {
        case SUCCEEDED -> Main.DONE;
        case STOPPED -> Main.STOPPED;
        case TRANSIENT_FAILURE, PERMANENT_FAILURE -> Main.FAILED;
      };
    } finally {
      stop.saved();
    }
  }

  /** Standard input ends when the coordinator does: an orphan saves and stops. */
  private static void stopWithParent(Interruption stop) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // A broken pipe says the same as its end.
              }
              stop.request();
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
