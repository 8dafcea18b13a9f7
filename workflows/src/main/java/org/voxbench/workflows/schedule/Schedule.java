package org.voxbench.workflows.schedule;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.voxbench.workflows.config.Sweep;

/**
 * A sweep that is repeated: the content of {@code schedules/NAME.json}.
 *
 * @param name unique in the home folder
 * @param file the sweep's YAML file, absolute; read anew each time
 * @param overrides as for {@code --set}
 * @param data folders of real data by name of a choice
 * @param timing when, and what to do when that was missed or overlaps
 * @param paused whether it is held
 * @param queued whether one more sweep is to follow the one that goes on
 * @param created when it was added
 */
public record Schedule(
    String name,
    Path file,
    List<String> overrides,
    Map<String, Path> data,
    Sweep.Schedule timing,
    boolean paused,
    boolean queued,
    Instant created) {

  public Schedule {
    overrides = List.copyOf(overrides);
    data = Map.copyOf(data);
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "name of a schedule: expected small letters, digits and - but found \"" + name + "\"");
    }
  }

  Schedule held(boolean now) {
    return new Schedule(name, file, overrides, data, timing, now, queued, created);
  }

  Schedule queued(boolean now) {
    return new Schedule(name, file, overrides, data, timing, paused, now, created);
  }
}
