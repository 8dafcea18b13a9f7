package org.voxbench.steps.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StopSignal;

/** Remembers what it was told, and can end a training at an exact iteration. */
final class Told implements RunListener {

  /** Ends an attempt as abruptly as a signal would: nothing is written after it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Set<String> metrics = new TreeSet<>();
  private final List<String> progress = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long done;
  private long killAfter = Long.MAX_VALUE;

  void killAfter(long iterations) {
    killAfter = iterations;
    done = 0;
  }

  StopSignal stopAfter(long iterations) {
    done = 0;
    return () -> done >= iterations;
  }

  @Override
  public void metric(String key, double value, long step) {
    metrics.add(key);
  }

  @Override
  public void progress(String task, long finished, long total) {
    done = finished;
    progress.add(task + " " + finished + "/" + total);
    if (done >= killAfter) {
      throw new Killed();
    }
  }

  @Override
  public void note(String sentence) {
    notes.add(sentence);
  }

  Set<String> metrics() {
    return metrics;
  }

  List<String> progress() {
    return progress;
  }

  List<String> notes() {
    return notes;
  }
}
