package org.voxbench.workflows.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ConsoleProgress;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.cli.shared.Terminal;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Coordinator;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code run} and {@code resume} share: they work on one run until it ends and show it. */
final class RunOptions {

  private static final int NAMED = 5;

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

  /** Works on what is asked for until it ends, here or in the coordinator that serves; shows it. */
  int follow(Coordinator.Demand demand) throws Exception {
    Home folder = home().prepared();
    Interruption stop = Interruption.listening();
    try (ConsoleProgress progress =
        new ConsoleProgress(spec.commandLine().getErr(), Terminal.present())) {
      Run run;
      String dashboard = "voxbench serve" + folder.option();
      Settings settings =
          new Settings(
              Launcher.MAIN, Listen.loopback(port), stop, AtShutdown.STOPS, SlotOptions.DEFAULT);
      try (Application application = Application.open(folder, settings)) {
        stop.says("stopping: what was computed is being saved");
        application.observers().add(progress);
        String id = demand.queue(application);
        others(application, id);
        System.err.println("run " + id + "; dashboard while it runs: " + application.address(id));
        run = application.work(id);
      } catch (HomeInUseException e) {
        RemoteCoordinator coordinator = RemoteCoordinator.of(folder).orElseThrow(() -> e);
        String id = demand.queue(coordinator);
        System.err.println("run " + id + "; handed to " + coordinator.address(id));
        dashboard = coordinator.address(id).toString();
        run = new RunFollower(folder, id, progress).untilEnd(stop);
      }
      show(run, folder, dashboard);
      return exitCode(run);
    } finally {
      stop.saved();
    }
  }

  /** Says what an earlier coordinator left behind and this one does not work on. */
  private static void others(Application application, String id) {
    List<String> waiting = new ArrayList<>(application.found().waiting());
    waiting.remove(id);
    if (!waiting.isEmpty()) {
      System.err.println(
          waiting.size()
              + " other run(s) wait in the queue for voxbench serve (or resume, or cancel): "
              + String.join(", ", waiting.subList(0, Math.min(NAMED, waiting.size()))));
    }
  }

  private void show(Run run, Home folder, String dashboard) {
    RunSummary summary = RunSummary.of(run, folder);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(summary.json());
    } else {
      summary.print(out, folder);
      out.println("dashboard: " + dashboard);
    }
    out.flush();
  }

  private static int exitCode(Run run) {
    return switch (run.state()) {
      case SUCCEEDED -> ExitCode.DONE;
      case STOPPED -> ExitCode.STOPPED;
      default -> ExitCode.FAILED;
    };
  }
}
