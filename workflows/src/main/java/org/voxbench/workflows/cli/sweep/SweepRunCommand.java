package org.voxbench.workflows.cli.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepReport;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fills a sweep. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Works on every cell of a sweep that is missing or did not succeed.",
      "Cells are known by the hash of their configuration: run the same file again after a failure,"
          + " or with more values, and only what is new is done. Ctrl-C saves; the same command"
          + " goes on."
    })
final class SweepRunCommand implements Callable<Integer> {

  private static final long EVERY_MILLIS = 500;

  @Mixin private final SweepOptions options = new SweepOptions();

  @Option(names = "--again", description = "run every cell again, also those that succeeded")
  private boolean again;

  @Option(names = "--json", description = "end with one JSON object on standard output")
  private boolean json;

  @Mixin private final SlotOptions slots = new SlotOptions();
  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  static Settings settings(Interruption stop) {
    return new Settings(
        Launcher.MAIN, Listen.loopback(0), stop, AtShutdown.WAITS, SlotOptions.DEFAULT);
  }

  @Override
  public Integer call() throws Exception {
    Sweep sweep = options.read();
    Home folder = home.home().prepared();
    SweepBook book = new SweepBook(folder, InstantSource.system());
    Interruption stop = Interruption.listening();
    try {
      Settings settings =
          new Settings(Launcher.MAIN, Listen.loopback(0), stop, AtShutdown.WAITS, slots.capacity());
      SweepRun ended;
      try (Application application = Application.open(folder, settings)) {
        SweepRun asked = asked(book, sweep);
        announce(asked, application.address().toString());
        application.observers().add(new CellLines(spec.commandLine().getErr()));
        ended = application.sweep(asked.id());
      } catch (HomeInUseException e) {
        RemoteCoordinator coordinator = RemoteCoordinator.of(folder).orElseThrow(() -> e);
        SweepRun asked = asked(book, sweep);
        announce(asked, "handed to the coordinator that serves");
        coordinator.change("POST", "/api/sweeps/" + asked.id() + "/begin", new byte[0]);
        ended = follow(book, asked.id(), folder, stop);
      }
      show(ended, folder, book);
      return switch (ended.state()) {
        case SUCCEEDED -> ExitCode.DONE;
        case FAILED, CANCELLED -> ExitCode.FAILED;
        case RUNNING -> ExitCode.STOPPED;
      };
    } finally {
      stop.saved();
    }
  }

  private SweepRun asked(SweepBook book, Sweep sweep) throws IOException {
    Optional<SweepRun> open = again ? Optional.empty() : book.open(sweep, Steps.versions());
    return open.isPresent() ? open.get() : book.begin(sweep, Steps.versions(), again, null);
  }

  private void announce(SweepRun sweep, String where) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("sweep " + sweep.id() + ", " + sweep.cells().size() + " cells; " + where);
    err.flush();
  }

  private static SweepRun follow(SweepBook book, String id, Home home, Interruption stop)
      throws IOException, InterruptedException {
    SweepRun sweep = book.read(id);
    while (sweep.state() == SweepRun.State.RUNNING
        && !stop.await(EVERY_MILLIS)
        && Coordinators.isServed(home)) {
      sweep = book.read(id);
    }
    return sweep;
  }

  private void show(SweepRun sweep, Home folder, SweepBook book) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    SweepReport report = SweepCommand.report(folder, sweep);
    if (json) {
      out.println(report.json());
    } else {
      out.println();
      out.print(report.text());
      out.println();
      out.println(
          "sweep "
              + sweep.id()
              + " "
              + sweep.state().name().toLowerCase(Locale.ROOT)
              + (sweep.message() == null ? "" : ": " + sweep.message()));
      out.println(
          sweep.state() == SweepRun.State.RUNNING
              ? "it goes on with the same command, or when voxbench serve starts"
              : "report: " + book.folder(sweep.id()).resolve("report.html"));
    }
    out.flush();
  }
}
