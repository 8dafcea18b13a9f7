package org.voxbench.workflows.shipping;

import java.io.IOException;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;

/** Tells one kind of thing of a run. Every call may be repeated. */
interface Teller {

  /** Notes what was told. */
  @FunctionalInterface
  interface Keep {
    void keep(Told told) throws IOException;
  }

  /** What it adds to the target's name in the name of its notes. */
  String suffix();

  /**
   * Brings the server up to date with a run as it stands.
   *
   * @param told what it knows; brought up to date and kept bit by bit
   * @return what it knows now
   */
  Told tell(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException;
}
