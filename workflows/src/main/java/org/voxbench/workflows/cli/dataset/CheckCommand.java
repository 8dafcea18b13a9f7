package org.voxbench.workflows.cli.dataset;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.voxbench.steps.check.CheckReport;
import org.voxbench.steps.check.DatasetCheck;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.CommandListener;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges every case of a dataset before anything is spent on it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a dataset's scans and split and proposes a repair for whatever is wrong. Changes"
          + " nothing.",
      "Exit code 0: sound, 1: not sound, 2: wrong usage or configuration."
    })
public final class CheckCommand implements Callable<Integer> {

  @Mixin private final DatasetOptions options = new DatasetOptions();

  @Option(
      names = "--against",
      paramLabel = "OTHER",
      description = "checks this dataset too and names the scans that both hold; may be repeated")
  private List<Path> others = List.of();

  @Option(names = "--json", description = "print one JSON object with a verdict per case")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<DatasetArgument> datasets = new ArrayList<>(List.of(options.read()));
    others.forEach(other -> datasets.add(DatasetArgument.of(other, List.of())));
    Interruption stop = Interruption.listening();
    CommandListener listener = new CommandListener(spec.commandLine().getErr());
    try (RawScans scans = new RawScans(home.home(), listener, stop)) {
      List<DatasetCheck.Subject> subjects = new ArrayList<>();
      for (DatasetArgument dataset : datasets) {
        subjects.add(subject(dataset, scans.folder(dataset)));
      }
      DatasetCheck check = new DatasetCheck(scans.context(datasets.get(0).resources()));
      CheckReport report = check.check(subjects);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? Json.MAPPER.writeValueAsString(report) : report.inWords());
      out.flush();
      return report.sound() ? ExitCode.DONE : ExitCode.FAILED;
    } finally {
      stop.saved();
    }
  }

  private static DatasetCheck.Subject subject(DatasetArgument dataset, Path folder) {
    return new DatasetCheck.Subject(
        dataset.name(),
        folder,
        dataset.download().modalities(),
        dataset.download().labels(),
        dataset.splitConfig(),
        dataset.patient(),
        dataset.settings().affine());
  }
}
