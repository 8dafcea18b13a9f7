package org.voxbench.workflows.cli.sweep;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.RunObserver;

/** One line for each run that begins or ends: many runs at a time leave no room for bars. */
final class CellLines implements RunObserver {

  private final PrintWriter out;
  private final Map<String, RunState> shown = new ConcurrentHashMap<>();

  CellLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void changed(Run run) {
    RunState before = shown.put(run.id(), run.state());
    if (before == run.state() || run.state() == RunState.QUEUED) {
      return;
    }
    String message = run.message();
    out.println(
        run.id()
            + "  "
            + run.state().name().toLowerCase(Locale.ROOT)
            + (message == null ? "" : ": " + message));
    out.flush();
  }
}
