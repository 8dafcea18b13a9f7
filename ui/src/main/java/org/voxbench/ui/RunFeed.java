package org.voxbench.ui;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The read port: what the pages draw. Implemented by the root and by an in-memory twin in tests.
 *
 * <p>Every call answers from what is known at that moment, quickly (the pages ask again every
 * second or two while a run is live) and from any thread.
 */
public interface RunFeed {

  /** One page of the runs that match, newest first by {@link RunRow#queued()}. */
  RunList runs(RunQuery query);

  /** One run as it stands now; empty when no run has this id. */
  Optional<RunDetails> run(String id);

  /**
   * The curves of a run in the order in which they shall be drawn, all points; the pages thin them
   * out. Empty when the run has none or is unknown.
   */
  List<Curve> curves(String id);

  /** The scores of a run by case and class; empty until they are known. */
  Optional<ScoreTable> scores(String id);

  /**
   * Where a file listed in {@link RunDetails#files()} lies.
   *
   * @param path exactly as listed; the pages ask for no other
   */
  Optional<Path> file(String id, String path);
}
