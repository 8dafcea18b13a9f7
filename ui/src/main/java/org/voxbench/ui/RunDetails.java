package org.voxbench.ui;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as its page draws it.
 *
 * @param row its line of the list
 * @param message why it stands where it does, such as the cause of a stop; null when there is
 *     nothing to say
 * @param steps its steps in order
 * @param metrics summary figures by dotted name, in the order to draw
 * @param params resolved configuration by dotted path, in the order to draw
 * @param notes sentences of the steps for the user, oldest first
 * @param files what can be opened or downloaded, the report first
 * @param links pages elsewhere, such as the run in a tracking server
 */
public record RunDetails(
    RunRow row,
    @Nullable String message,
    List<StepRow> steps,
    Map<String, Double> metrics,
    Map<String, String> params,
    List<Note> notes,
    List<RunFile> files,
    List<Link> links) {

  public RunDetails {
    steps = List.copyOf(steps);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    notes = List.copyOf(notes);
    files = List.copyOf(files);
    links = List.copyOf(links);
  }

  /**
   * One sentence of a step.
   *
   * @param at when it was said
   * @param step key of the step, such as {@code train}
   * @param text the sentence
   */
  public record Note(Instant at, String step, String text) {}

  /**
   * A file of the run.
   *
   * @param path names it in addresses, relative with '/', such as {@code report/report.html}
   * @param label what to call it, such as {@code Report}; null to show the path
   * @param bytes its size
   */
  public record RunFile(String path, @Nullable String label, long bytes) {}

  /**
   * An address elsewhere.
   *
   * @param label what to call it
   * @param href an http or https address, or a path on this server that starts with '/'
   */
  public record Link(String label, String href) {

    public Link {
      if (!href.matches("(?s)https?://.*|/(?![/\\\\]).*")) {
        throw new IllegalArgumentException(
            "expected an http(s) address or a path from '/' but found " + href);
      }
    }
  }
}
