package org.voxbench.workflows.cli.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepReport;
import org.voxbench.workflows.sweep.SweepRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sweeps: many variants of an experiment. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Works on sweeps: one experiment in many variants, each a cell.",
    subcommands = {
      SweepRunCommand.class,
      SweepCommand.Plan.class,
      SweepCommand.ListSweeps.class,
      SweepCommand.Show.class,
      SweepCommand.Cancel.class
    })
public final class SweepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command after sweep");
  }

  static SweepReport report(Home home, SweepRun sweep) {
    return new SweepReport(sweep, id -> run(home, id));
  }

  private static Optional<Run> run(Home home, String id) {
    try {
      return Optional.of(RunFiles.read(home, id));
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  /** Shows the cells of a sweep without working on any. */
  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      description = "Checks a sweep and shows its cells and which of them are done.")
  static final class Plan implements Callable<Integer> {

    @Mixin private final SweepOptions sweep = new SweepOptions();
    @Mixin private final HomeOption home = new HomeOption();
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      var cells = sweep.read().cells();
      int done = 0;
      for (var cell : cells) {
        @Nullable Run run =
            CellLookup.newest(home.home(), cell.experiment().digest(Steps.versions()));
        boolean succeeded = run != null && run.state().name().equals("SUCCEEDED");
        done += succeeded ? 1 : 0;
        out.printf(
            "%-10s%s%s%n",
            succeeded
                ? "done"
                : run == null ? "missing" : run.state().name().toLowerCase(Locale.ROOT),
            cell.label().isEmpty() ? "only cell" : cell.label(),
            run == null ? "" : "  (run " + run.id() + ")");
      }
      out.println(cells.size() + " cells, " + (cells.size() - done) + " to be filled");
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** Lists sweeps. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the sweeps, newest first.")
  static final class ListSweeps implements Callable<Integer> {

    @Option(names = "--json", description = "print a JSON array instead")
    private boolean json;

    @Mixin private final HomeOption home = new HomeOption();
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      List<SweepRun> sweeps = new SweepBook(home.home(), InstantSource.system()).all();
      if (json) {
        out.println(Json.MAPPER.writeValueAsString(sweeps));
      } else if (sweeps.isEmpty()) {
        out.println("no sweep yet: start one with voxbench sweep run FILE");
      } else {
        out.printf("%-32s%-12s%-22s%6s%n", "sweep", "state", "created", "cells");
        for (SweepRun sweep : sweeps) {
          out.printf(
              "%-32s%-12s%-22s%6d%n",
              sweep.id(),
              sweep.state().name().toLowerCase(Locale.ROOT),
              sweep.created().truncatedTo(ChronoUnit.SECONDS),
              sweep.cells().size());
        }
      }
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** Shows the table over the cells of a sweep. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the table over the cells of a sweep, as it stands now.")
  static final class Show implements Callable<Integer> {

    /** How the table can be printed. */
    enum Format {
      TEXT,
      MARKDOWN,
      HTML,
      CSV,
      JSON
    }

    @Parameters(paramLabel = "SWEEP", description = "id of the sweep, such as five-datasets-1")
    private String id = "";

    @Option(
        names = "--format",
        defaultValue = "TEXT",
        description = "one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Format format = Format.TEXT;

    @Option(names = "--json", description = "the same as --format json")
    private boolean json;

    @Mixin private final HomeOption home = new HomeOption();
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      SweepRun sweep = new SweepBook(home.home(), InstantSource.system()).read(id);
      SweepReport report = report(home.home(), sweep);
      out.println(
          switch (json ? Format.JSON : format) {
            case TEXT ->
                report.text()
                    + "sweep "
                    + sweep.id()
                    + " "
                    + sweep.state().name().toLowerCase(Locale.ROOT)
                    + (sweep.message() == null ? "" : ": " + sweep.message());
            case MARKDOWN -> report.markdown();
            case HTML -> report.html();
            case CSV -> report.csv();
            case JSON -> report.json();
          });
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** Ends a sweep for good. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Ends a sweep and the runs of its cells that have not ended.")
  static final class Cancel implements Callable<Integer> {

    @Parameters(paramLabel = "SWEEP", description = "id of the sweep, such as five-datasets-1")
    private String id = "";

    @Mixin private final HomeOption home = new HomeOption();
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      Home folder = home.home();
      new SweepBook(folder, InstantSource.system()).read(id);
      Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(folder);
      if (coordinator.isPresent()) {
        coordinator.get().change("POST", "/api/sweeps/" + id + "/cancel", new byte[0]);
      } else {
        Interruption stop = Interruption.listening();
        Settings settings = SweepRunCommand.settings(stop);
        try (Application application = Application.open(folder.prepared(), settings)) {
          application.cancelSweep(id);
        } finally {
          stop.saved();
        }
      }
      spec.commandLine().getOut().println("sweep " + id + ": cancelled");
      return ExitCode.DONE;
    }
  }
}
