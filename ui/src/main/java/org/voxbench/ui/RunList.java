package org.voxbench.ui;

import java.util.List;
import java.util.Map;

/**
 * One page of runs.
 *
 * @param rows the runs of this page, newest first
 * @param total how many runs match the whole query
 * @param counts how many runs match its text, by state, whatever state was asked for; a state
 *     without runs may be left out
 */
public record RunList(List<RunRow> rows, int total, Map<RunRow.State, Integer> counts) {

  public RunList {
    rows = List.copyOf(rows);
    counts = Map.copyOf(counts);
  }
}
