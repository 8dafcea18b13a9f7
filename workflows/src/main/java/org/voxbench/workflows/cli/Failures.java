package org.voxbench.workflows.cli;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.config.ConfigurationException;
import org.voxbench.workflows.coordinator.DamagedIndexException;
import org.voxbench.workflows.coordinator.FullHomeException;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.web.WebServer.CannotListenException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns exceptions into a sentence and an exit code: the mapping stands here and nowhere else. */
final class Failures implements IExecutionExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** What says itself what is wrong, and with which exit code. */
  private static final Map<Class<?>, Integer> SPOKEN =
      Map.of(
          ConfigurationException.class, ExitCode.USAGE,
          IllegalArgumentException.class, ExitCode.USAGE,
          HomeInUseException.class, ExitCode.USAGE,
          FullHomeException.class, ExitCode.USAGE,
          CannotListenException.class, ExitCode.USAGE,
          DamagedIndexException.class, ExitCode.FAILED,
          PermanentStepException.class, ExitCode.FAILED,
          StepStoppedException.class, ExitCode.STOPPED);

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    LOG.debug("command failed", failure);
    for (Map.Entry<Class<?>, Integer> spoken : SPOKEN.entrySet()) {
      if (spoken.getKey().isInstance(failure)) {
        command.getErr().println(failure.getMessage());
        return spoken.getValue();
      }
    }
    command.getErr().println("voxbench " + command.getCommandName() + said(failure));
    return ExitCode.FAILED;
  }

  private static String said(Exception failure) {
    String full = FullDisk.reason(failure);
    if (!full.isEmpty()) {
      return ": the disk is full ("
          + full
          + "). What was finished is kept: make room (voxbench gc --dry-run shows what can go) and"
          + " give the same command again";
    }
    String message = failure.getMessage();
    return " failed: "
        + failure.getClass().getSimpleName()
        + (message == null ? "" : ": " + message)
        + " (VOXBENCH_LOG=debug shows where)";
  }
}
