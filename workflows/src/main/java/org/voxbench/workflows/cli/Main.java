package org.voxbench.workflows.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code voxbench COMMAND}. */
@Command(
    name = "voxbench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Declare a 3-D segmentation experiment in YAML, run it, resume it, review the results.",
    subcommands = {
      RunCommand.class,
      ResumeCommand.class,
      PauseCommand.class,
      CancelCommand.class,
      RetryCommand.class,
      StatusCommand.class,
      ListCommand.class,
      ShowCommand.class,
      LogsCommand.class,
      ExplainCommand.class,
      PlanCommand.class,
      ValidateCommand.class,
      CheckCommand.class,
      DatasetCommand.class,
      ModelCommand.class,
      BenchCommand.class,
      SweepCommand.class,
      ScheduleCommand.class,
      TrackingCommand.class,
      ServeCommand.class,
      ReindexCommand.class,
      GcCommand.class,
      KeepCommands.Pin.class,
      KeepCommands.Export.class,
      KeepCommands.Import.class,
      KeepCommands.Backup.class,
      KeepCommands.Restore.class,
      DoctorCommand.class,
      GenerateCompletion.class,
      WorkCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nStart here:%n",
    footer = {
      "  voxbench run configs/experiments/quickstart.yaml   the whole chain on made-up scans",
      "  voxbench serve                                     the dashboard, then open its address",
      "",
      "All state lives below --home DIR (default ./voxbench-home).",
      "Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 130 stopped."
    })
public final class Main implements Callable<Integer> {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int STOPPED = 130;

  @Spec private CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    System.out.flush();
    Interruption.commandEnded();
    // Daemon threads of libraries must not keep a finished command alive.
    System.exit(code);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures());
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command but found none");
  }
}
