package org.voxbench.workflows.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One line of an attempt's {@code events.jsonl}. Times are milliseconds since 1970, UTC. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.Metric.class, name = "metric"),
  @JsonSubTypes.Type(value = Event.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = Event.Note.class, name = "note")
})
public sealed interface Event {

  long at();

  /** One point of a curve. */
  record Metric(long at, String key, double value, long step) implements Event {}

  /** How far a task has come. */
  record Progress(long at, String task, long done, long total) implements Event {}

  /** A sentence for the user. */
  record Note(long at, String sentence) implements Event {}
}
