package org.voxbench.workflows.coordinator;

import java.util.List;
import org.voxbench.workflows.keep.Garbage.Item;

/**
 * What was removed because no run needs it.
 *
 * @param runs ids of runs that ended long ago
 * @param items folders, the largest first
 */
public record Cleared(List<String> runs, List<Item> items) {
  public Cleared {
    runs = List.copyOf(runs);
    items = List.copyOf(items);
  }
}
