package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what the workers of a run printed. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Prints what the workers of a run logged, attempt by attempt.")
final class LogsCommand implements Callable<Integer> {

  private static final long EVERY_MILLIS = 300;

  @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
  private String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "keep printing until the run has ended")
  private boolean follow;

  @Option(names = "--step", paramLabel = "STEP", description = "only of this step, such as train")
  private @Nullable String step;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  private final Map<Path, Long> printed = new HashMap<>();

  @Override
  public Integer call() throws Exception {
    @Nullable StepName only = step == null ? null : StepName.of(step);
    PrintWriter out = spec.commandLine().getOut();
    Home folder = home.home();
    Run run = RunFiles.read(folder, id);
    print(run, folder, only, out);
    if (!follow || run.state().ended()) {
      if (printed.isEmpty()) {
        out.println("no worker has logged anything for run " + id);
        out.flush();
      }
      return ExitCode.DONE;
    }
    Interruption stop = Interruption.listening();
    if (printed.isEmpty()) {
      spec.commandLine().getErr().println("nothing logged so far; following run " + id);
    }
    try {
      while (!run.state().ended()) {
        if (stop.await(EVERY_MILLIS)) {
          return ExitCode.STOPPED;
        }
        run = RunFiles.read(folder, id);
        print(run, folder, only, out);
      }
      if (printed.isEmpty()) {
        out.println("no worker has logged anything for run " + id);
        out.flush();
      }
      return ExitCode.DONE;
    } finally {
      stop.saved();
    }
  }

  private void print(Run run, Home folder, @Nullable StepName only, PrintWriter out)
      throws IOException {
    for (StepRun one : run.steps()) {
      if (only == null || one.name() == only) {
        for (int number = 1; number <= one.attempt(); number++) {
          Path log = AttemptFolder.of(folder, run.id(), one.name(), number).log();
          print(log, one.name().key() + " attempt " + number, out);
        }
      }
    }
    out.flush();
  }

  private void print(Path log, String title, PrintWriter out) throws IOException {
    if (!Files.exists(log)) {
      return;
    }
    long from = printed.getOrDefault(log, 0L);
    List<String> lines = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(log)) {
      if (channel.size() <= from) {
        return;
      }
      channel.position(from);
      InputStream in = Channels.newInputStream(channel);
      byte[] bytes = in.readAllBytes();
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      lines.addAll(new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList());
      printed.put(log, from + end);
    }
    if (from == 0 && !lines.isEmpty()) {
      out.println("== " + title);
    }
    lines.forEach(out::println);
  }
}
