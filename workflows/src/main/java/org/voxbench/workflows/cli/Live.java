package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.Event;

/** What a run does at this moment, as its files tell: works without a coordinator. */
record Live(String step, Event.@Nullable Progress progress) {

  private static final int TAIL = 16 << 10;

  /** The step that is worked on, or null when none is. */
  static @Nullable Live of(Run run, Home home) throws IOException {
    for (StepRun step : run.steps()) {
      if (step.state() == RunState.RUNNING) {
        AttemptFolder folder = AttemptFolder.of(home, run.id(), step.name(), step.attempt());
        return new Live(step.name().key(), lastProgress(folder.events()));
      }
    }
    return null;
  }

  private static Event.@Nullable Progress lastProgress(Path events) throws IOException {
    if (!Files.exists(events)) {
      return null;
    }
    try (FileChannel channel = FileChannel.open(events)) {
      long from = Math.max(0, channel.size() - TAIL);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {}
      String[] lines =
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).split("\n", -1);
      for (int i = lines.length - 1; i >= 0; i--) {
        if (lines[i].startsWith("{\"kind\":\"progress\"") && lines[i].endsWith("}")) {
          return (Event.Progress) Json.MAPPER.readValue(lines[i], Event.class);
        }
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return progress == null
        ? step
        : step + " " + progress.done() + " of " + progress.total() + " " + progress.task();
  }
}
