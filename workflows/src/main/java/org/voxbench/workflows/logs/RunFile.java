package org.voxbench.workflows.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** Appends what is logged about a run to a file in its folder, as long as there is one. */
final class RunFile extends AppenderBase<ILoggingEvent> {

  private final Function<String, Path> files;
  private final JsonLines lines = new JsonLines();

  /**
   * @param files the log file of a run by its id
   */
  RunFile(Function<String, Path> files) {
    this.files = files;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String run = event.getMDCPropertyMap().get(Logs.RUN);
    if (run == null) {
      return;
    }
    Path file = files.apply(run);
    try {
      Files.write(file, lines.encode(event), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (NoSuchFileException e) {
      // The run's folder is no more.
    } catch (IOException e) {
      // Logback keeps it among its own messages: a full disk must not stop what is logged about.
      addError("cannot write " + file, e);
    }
  }
}
