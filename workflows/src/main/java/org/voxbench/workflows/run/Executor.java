package org.voxbench.workflows.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Has an attempt worked on, somewhere. */
public interface Executor {

  /** Called a few times a second while an attempt is being worked on, and once at its end. */
  @FunctionalInterface
  interface Watch {
    void look() throws IOException;
  }

  /**
   * Waits until the attempt has ended.
   *
   * @return the worker's last word, or null when it died without one
   * @throws org.voxbench.steps.TransientStepException when the worker could not be started
   */
  @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException;

  /** In words, what became of a worker that died without a last word. */
  String epitaph(AttemptFolder folder) throws IOException;
}
