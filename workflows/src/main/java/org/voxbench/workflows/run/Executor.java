package org.voxbench.workflows.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Has an attempt worked on, somewhere. */
public interface Executor {

  /** Called a few times a second while an attempt is being worked on, and once at its end. */
  @FunctionalInterface
  interface Watch {

    /** Gives whether the attempt is still wanted; where it is not, its worker is stopped. */
    boolean look() throws IOException;
  }

  /**
   * Has an attempt worked on and waits until it has ended.
   *
   * @return the worker's last word, or null when it died without one
   * @throws org.voxbench.steps.TransientStepException when the worker could not be started
   */
  @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException;

  /**
   * Waits until an attempt has ended that an earlier coordinator had begun.
   *
   * @return the worker's last word, or null when it died without one
   */
  @Nullable Result attend(AttemptFolder folder, Watch watch) throws IOException;

  /** Whether somebody works on an attempt, as after a coordinator's death. */
  boolean alive(AttemptFolder folder) throws IOException;

  /** In words, what became of a worker that died without a last word. */
  String epitaph(AttemptFolder folder) throws IOException;
}
