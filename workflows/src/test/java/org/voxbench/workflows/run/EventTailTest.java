package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventTailTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(5));

  @TempDir private Path folder = Path.of("");

  @Test
  void whatIsToldCanBeReadAtOnce() throws IOException {
    Path file = folder.resolve("events.jsonl");
    EventTail tail = new EventTail(file, 0);
    try (EventLog log = new EventLog(file, CLOCK)) {
      log.metric("train.loss", Double.NaN, 3);
      assertThat(tail.next()).containsExactly(new Event.Metric(5, "train.loss", Double.NaN, 3));
      log.note("halved the learning rate");
      assertThat(tail.next()).containsExactly(new Event.Note(5, "halved the learning rate"));
      assertThat(tail.next()).isEmpty();
    }
  }

  @Test
  void aHalfWrittenLineIsLeftForTheNextCall() throws IOException {
    Path file = folder.resolve("events.jsonl");
    String line = "{\"kind\":\"note\",\"at\":1,\"sentence\":\"whole\"}\n";
    Files.writeString(file, line.substring(0, 20));
    EventTail tail = new EventTail(file, 0);
    assertThat(tail.next()).isEmpty();

    Files.writeString(file, line.substring(20), StandardOpenOption.APPEND);

    assertThat(tail.next()).containsExactly(new Event.Note(1, "whole"));
    assertThat(tail.offset()).isEqualTo(line.length());
  }

  @Test
  void aTornLineIsPassedOverAndWhatFollowsIsRead() throws IOException {
    Path file = folder.resolve("events.jsonl");
    Files.writeString(
        file, "{\"kind\":\"no\0\0\0\n{\"kind\":\"note\",\"at\":1,\"sentence\":\"after\"}\n");

    assertThat(new EventTail(file, 0).next()).containsExactly(new Event.Note(1, "after"));
  }

  @Test
  void progressIsThinnedButItsEndsAreKept() throws IOException {
    Path file = folder.resolve("events.jsonl");
    try (EventLog log = new EventLog(file, CLOCK)) {
      for (int done = 0; done <= 100_000; done++) {
        log.progress("iterations", done, 100_000);
      }
    }
    var events = new EventTail(file, 0).next();
    assertThat(events.get(0)).isEqualTo(new Event.Progress(5, "iterations", 0, 100_000));
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new Event.Progress(5, "iterations", 100_000, 100_000));
    assertThat(events).hasSizeLessThan(1_000);
  }
}
