package org.voxbench.workflows.cli;

import java.io.IOException;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import picocli.CommandLine.Parameters;

/** The run that a command is about. */
final class RunArgument {

  @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
  private String id = "";

  String id() {
    return id;
  }

  /**
   * The run as its folder has it.
   *
   * @throws IllegalArgumentException naming the runs there are when there is none of that id
   */
  Run read(Home home) throws IOException {
    return RunFiles.read(home, id);
  }
}
