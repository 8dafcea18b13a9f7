package org.voxbench.workflows.coordinator;

import java.io.IOException;
import org.voxbench.workflows.run.Stops;

/** Takes runs: the coordinator in this process, or the one that holds the home folder. */
public interface Coordinator {

  /**
   * Freezes an experiment as a new run and gives its id; gives the id of the waiting run instead
   * where one asks for the same.
   */
  String submit(Order order) throws IOException;

  /** Queues a run that ended, to go on where it broke off; gives its id. */
  String resume(String id) throws IOException;

  /** Has a run stop; gives its id. */
  String stop(String id, Stops.Why why) throws IOException;

  /** What a command wants of a coordinator: gives the id of the run that follows. */
  @FunctionalInterface
  interface Demand {
    String queue(Coordinator coordinator) throws IOException;
  }
}
