package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.voxbench.workflows.config.Experiment;

/** Takes runs: the coordinator in this process, or the one that holds the home folder. */
interface Coordinator {

  /** Freezes an experiment as a new run and gives its id. */
  String submit(Experiment experiment, Path source) throws IOException;

  /** Queues a run that ended, to go on where it broke off; gives its id. */
  String resume(String id) throws IOException;

  /** What a command wants of a coordinator: gives the id of the run that follows. */
  @FunctionalInterface
  interface Demand {
    String queue(Coordinator coordinator) throws IOException;
  }
}
