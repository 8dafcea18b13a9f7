package org.voxbench.workflows.sweep;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a sweep, as it stands in {@code sweep.json}.
 *
 * @param id sweep name and a number, unique in the home folder
 * @param name the sweep's name
 * @param state where it stands
 * @param created when it was asked for
 * @param finished when it ended
 * @param message what to know, when not every cell succeeded
 * @param order what may be taken and how
 * @param cells in the order in which they are begun
 */
public record SweepRun(
    String id,
    String name,
    State state,
    Instant created,
    @Nullable Instant finished,
    @Nullable String message,
    Order order,
    List<Cell> cells) {

  public SweepRun {
    cells = List.copyOf(cells);
  }

  /** Where a sweep stands. */
  public enum State {
    /** Being worked on, or waiting for a coordinator. */
    RUNNING,
    /** Every cell succeeded. */
    SUCCEEDED,
    /** It ended and some cells did not succeed. */
    FAILED,
    /** It ended because nobody wanted it any more. */
    CANCELLED
  }

  /**
   * What was asked for.
   *
   * @param again whether cells are run that succeeded in an earlier sweep
   * @param concurrency cells worked on at a time
   * @param priority of its runs
   * @param cells most cells to work on, or null
   * @param seconds no cell is begun later than this after the start, or null
   * @param schedule name of the schedule that asked for it, or null
   */
  public record Order(
      boolean again,
      int concurrency,
      int priority,
      @Nullable Integer cells,
      @Nullable Long seconds,
      @Nullable String schedule) {}

  /**
   * One cell.
   *
   * @param values what sets it apart, by axis
   * @param configuration what identifies it, 64 hexadecimal digits
   * @param run the run that stands for it, once there is one
   */
  public record Cell(Map<String, String> values, String configuration, @Nullable String run) {

    /** The values as one text, such as {@code dataset=acdc, seed=20}. */
    public String label() {
      StringBuilder label = new StringBuilder();
      values.forEach(
          (axis, value) ->
              label.append(label.isEmpty() ? "" : ", ").append(axis).append('=').append(value));
      return label.isEmpty() ? "only cell" : label.toString();
    }
  }

  /** The same sweep with a run for a cell. */
  SweepRun with(int number, String run) {
    List<Cell> changed = new java.util.ArrayList<>(cells);
    Cell cell = cells.get(number);
    changed.set(number, new Cell(cell.values(), cell.configuration(), run));
    return new SweepRun(id, name, state, created, finished, message, order, changed);
  }

  /** The same sweep in another state. */
  SweepRun become(State next, @Nullable Instant end, @Nullable String why) {
    return new SweepRun(id, name, next, created, end, why, order, cells);
  }
}
