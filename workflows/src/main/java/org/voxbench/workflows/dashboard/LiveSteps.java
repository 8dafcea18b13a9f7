package org.voxbench.workflows.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.ui.StepRow;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.RunObserver;

/** How far the steps are that are worked on at this moment. */
public final class LiveSteps implements RunObserver {

  private record Key(String run, StepName step) {}

  /** Where a task stood when it was first heard of, and where it stands. */
  private record Task(long firstAt, long firstDone, Event.Progress now) {}

  private final Map<Key, Task> tasks = new ConcurrentHashMap<>();
  private final Map<Key, Long> starts = new ConcurrentHashMap<>();

  @Override
  public void changed(Run run) {
    for (StepRun step : run.steps()) {
      Key key = new Key(run.id(), step.name());
      if (step.state() == RunState.RUNNING) {
        starts.putIfAbsent(key, System.nanoTime());
      } else {
        tasks.remove(key);
        starts.remove(key);
      }
    }
  }

  @Override
  public void told(String run, StepName step, Event event) {
    if (event instanceof Event.Progress progress) {
      tasks.merge(
          new Key(run, step),
          new Task(progress.at(), progress.done(), progress),
          (before, first) ->
              before.now().task().equals(progress.task())
                  ? new Task(before.firstAt(), before.firstDone(), progress)
                  : first);
    }
  }

  /** Seconds since the step began, or null when it is not worked on here. */
  @Nullable Double seconds(String run, StepName step) {
    Long start = starts.get(new Key(run, step));
    return start == null ? null : (System.nanoTime() - start) / 1e9;
  }

  /** How far the step is, or null when it has not said. */
  StepRow.@Nullable Progress progress(String run, StepName step) {
    Task task = tasks.get(new Key(run, step));
    if (task == null) {
      return null;
    }
    Event.Progress now = task.now();
    long finished = now.done() - task.firstDone();
    @Nullable Duration remaining =
        finished <= 0
            ? null
            : Duration.ofMillis(
                (now.at() - task.firstAt()) / finished * (now.total() - now.done()));
    return new StepRow.Progress(now.task(), now.done(), Math.max(1, now.total()), remaining);
  }
}
