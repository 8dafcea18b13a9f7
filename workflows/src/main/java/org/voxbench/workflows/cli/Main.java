package org.voxbench.workflows.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.voxbench.workflows.cli.bench.BenchCommand;
import org.voxbench.workflows.cli.dataset.CheckCommand;
import org.voxbench.workflows.cli.dataset.DatasetCommand;
import org.voxbench.workflows.cli.model.ModelCommand;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.sweep.ScheduleCommand;
import org.voxbench.workflows.cli.sweep.SweepCommand;
import org.voxbench.workflows.cli.tracking.TrackingCommand;
import org.voxbench.workflows.logs.Logs;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: {@code voxbench COMMAND}. */
@Command(
    name = "voxbench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Declare a 3-D segmentation experiment in YAML, run it, resume it, review the results.",
    footerHeading = "%nStart here:%n",
    footer = {
      "  voxbench run configs/experiments/quickstart.yaml   the whole chain on made-up scans",
      "  voxbench serve                                     the dashboard, then open its address",
      "",
      "All state lives below --home DIR (default ./voxbench-home).",
      "Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 130 stopped."
    })
public final class Main implements Callable<Integer> {

  private static final List<Class<?>> COMMANDS =
      List.of(
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
          LineageCommand.class,
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
          WarmUpCommand.class,
          WorkCommand.class,
          HelpCommand.class);

  /** Those that speak of the others. */
  private static final Set<String> NEED_ALL = Set.of("help", "generate-completion");

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int STOPPED = 130;

  @Spec private CommandSpec spec;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "form of the log on standard error: ${COMPLETION-CANDIDATES} (default: TEXT)")
  void logFormat(Logs.Format format) {
    Logs.use(format);
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = commandLine(arguments).execute(arguments);
    System.out.flush();
    Interruption.commandEnded();
    // Daemon threads of libraries must not keep a finished command alive.
    System.exit(code);
  }

  /** With all commands. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /**
   * With the one command that is called, if it can be told from the first word: looking at all of
   * them takes longer than many a command itself.
   */
  static CommandLine commandLine(String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    List<Class<?>> called = COMMANDS.stream().filter(type -> name(type).equals(first)).toList();
    boolean alone = called.size() == 1 || first.equals("--version") || first.equals("-V");
    return commandLine(alone && !NEED_ALL.contains(first) ? called : COMMANDS);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine line = new CommandLine(new Main());
    commands.forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures());
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command but found none");
  }
}
