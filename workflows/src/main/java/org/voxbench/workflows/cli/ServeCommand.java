package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.run.Recovery.Found;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the dashboard and the tracking API, and works on what is handed to it. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the dashboard and the MLflow-compatible tracking API on this machine until Ctrl-C.",
      "While it serves, voxbench run and voxbench resume hand their runs to it."
    })
final class ServeCommand implements Callable<Integer> {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5500",
      description = "port (default: 5500; 0 takes any free one)")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "name or address of this machine to serve at (default: 127.0.0.1); 0.0.0.0 is all of them.",
        "Others can reach it then, and everything, also reading, needs the token."
      })
  private String host = "127.0.0.1";

  @Mixin private final SlotOptions slots = new SlotOptions();
  @Mixin private final HomeOption home = new HomeOption();

  @Override
  public Integer call() throws Exception {
    Home folder = home.home().prepared();
    Interruption stop = Interruption.listening();
    Settings settings =
        new Settings(
            Launcher.MAIN, new Listen(host, port), stop, AtShutdown.WAITS, slots.capacity());
    try (Application application = Application.open(folder, settings)) {
      stop.says("stopping: a run that is being worked on is being saved");
      System.out.println("dashboard: " + application.address());
      System.out.println("tracking:  MLFLOW_TRACKING_URI=" + application.address());
      String need =
          application
              .addressFromElsewhere()
              .map(
                  elsewhere ->
                      "from elsewhere: "
                          + elsewhere
                          + "; everything needs the token (in a browser: the password, with any"
                          + " user name) in ")
              .orElse("changes need the token in ");
      System.out.println(need + folder.root().resolve("token"));
      System.out.println("Ctrl-C stops; a run that is being worked on is saved first");
      Found found = application.found();
      if (!found.waiting().isEmpty()) {
        System.out.println(
            "going on with "
                + found.waiting().size()
                + " waiting run(s), "
                + found.adoptable().size()
                + " of them with a live worker");
      }
      System.out.flush();
      application.enqueueWaiting();
      application.schedules().start();
      stop.await();
    } finally {
      stop.saved();
    }
    return ExitCode.STOPPED;
  }
}
