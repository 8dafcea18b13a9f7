package org.voxbench.workflows.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A declared sweep, checked.
 *
 * @param name as lists show it
 * @param axes names of the axes, the slowest first
 * @param cells in the order in which they are to be begun
 * @param limits what it may take
 * @param schedule when it is repeated; nothing when it is not
 */
public record Sweep(
    String name, List<String> axes, List<Cell> cells, Limits limits, Optional<Schedule> schedule) {

  /** More cells than anybody wants; a slip of the pen is found before it fills the disk. */
  public static final int MOST_CELLS = 10_000;

  public Sweep {
    axes = List.copyOf(axes);
    cells = List.copyOf(cells);
  }

  /**
   * One experiment of the sweep.
   *
   * @param values what sets it apart, by axis, as words
   * @param file of its experiment
   * @param experiment resolved
   */
  public record Cell(Map<String, String> values, Path file, Experiment experiment) {

    /** The values as one text, such as {@code dataset=acdc, seed=20}. */
    public String label() {
      StringBuilder label = new StringBuilder();
      values.forEach(
          (axis, value) ->
              label.append(label.isEmpty() ? "" : ", ").append(axis).append('=').append(value));
      return label.toString();
    }
  }

  /**
   * What a sweep may take.
   *
   * @param concurrency cells worked on at a time
   * @param priority of its runs
   * @param cells most cells to work on, or null
   * @param time no cell is begun later than this after the start, or null
   */
  public record Limits(
      int concurrency, int priority, @Nullable Integer cells, @Nullable Duration time) {}

  /**
   * When a sweep is repeated.
   *
   * @param cron in the words of Quartz
   * @param zone in which it is meant
   * @param misfire {@code once} or {@code skip}
   * @param overlap {@code skip} or {@code queue}
   * @param end last moment, or null
   * @param webhook told of regressions and failures, or null
   */
  public record Schedule(
      String cron,
      ZoneId zone,
      String misfire,
      String overlap,
      @Nullable Instant end,
      @Nullable String webhook) {}
}
