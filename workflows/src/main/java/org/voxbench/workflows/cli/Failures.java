package org.voxbench.workflows.cli;

import java.io.PrintWriter;
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

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    LOG.debug("command failed", failure);
    if (failure instanceof ConfigurationException || failure instanceof IllegalArgumentException) {
      err.println(failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof HomeInUseException
        || failure instanceof FullHomeException
        || failure instanceof CannotListenException) {
      err.println(failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof DamagedIndexException) {
      err.println(failure.getMessage());
      return ExitCode.FAILED;
    }
    if (failure instanceof StepStoppedException) {
      err.println(failure.getMessage());
      return ExitCode.STOPPED;
    }
    if (failure instanceof PermanentStepException) {
      err.println(failure.getMessage());
      return ExitCode.FAILED;
    }
    String full = FullDisk.reason(failure);
    if (!full.isEmpty()) {
      err.println(
          "voxbench "
              + command.getCommandName()
              + ": the disk is full ("
              + full
              + "). What was finished is kept: make room (voxbench gc --dry-run shows what can go)"
              + " and give the same command again");
      return ExitCode.FAILED;
    }
    String message = failure.getMessage();
    err.println(
        "voxbench "
            + command.getCommandName()
            + " failed: "
            + failure.getClass().getSimpleName()
            + (message == null ? "" : ": " + message)
            + " (VOXBENCH_LOG=debug shows where)");
    return ExitCode.FAILED;
  }
}
