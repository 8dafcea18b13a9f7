package org.voxbench.workflows.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.Run;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code run} and {@code resume} share: they work on one run until it ends and show it. */
final class RunOptions {

  @Option(names = "--json", description = "end with one JSON object on standard output")
  private boolean json;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "port of the dashboard while the run lasts (default: any free one)")
  private int port;

  @Mixin private final HomeOption home = new HomeOption();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  Home home() {
    return home.home();
  }

  /** Puts a run into the queue and gives its id. */
  @FunctionalInterface
  interface Queueing {
    String queue(Application application) throws Exception;
  }

  /** Works on the queued run until it ends, shows it, and gives the exit code. */
  int follow(Queueing queueing) throws Exception {
    Home folder = home().prepared();
    Interruption stop = Interruption.listening();
    try (Application application = Application.open(folder, port, stop);
        ConsoleProgress progress = new ConsoleProgress(System.err, terminal())) {
      application.observers().add(progress);
      String id = queueing.queue(application);
      System.err.println("run " + id + "; dashboard while it runs: " + application.address(id));
      Run run = application.work(id);
      show(run, folder);
      return exitCode(run);
    } finally {
      stop.saved();
    }
  }

  private void show(Run run, Home folder) {
    RunSummary summary = RunSummary.of(run, folder);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(summary.json());
    } else {
      summary.print(out);
      out.println("dashboard: voxbench serve" + homeHint(folder));
    }
    out.flush();
  }

  private static String homeHint(Home folder) {
    return folder.equals(new Home(Path.of("voxbench-home"))) ? "" : " --home " + folder.root();
  }

  private static int exitCode(Run run) {
    return switch (run.state()) {
      case SUCCEEDED -> Main.DONE;
      case STOPPED -> Main.STOPPED;
      default -> Main.FAILED;
    };
  }

  private static boolean terminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }
}
