package org.voxbench.workflows.cli.shared;

import java.nio.file.Path;
import org.voxbench.workflows.Home;
import picocli.CommandLine.Option;

/** The {@code --home} option, shared by all commands that have state. */
public final class HomeOption {

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = Home.DEFAULT,
      description = "where all state lives (default: ./voxbench-home)")
  private Path folder = Path.of(Home.DEFAULT);

  /** The folder as given, neither made nor checked. */
  public Home home() {
    return new Home(folder);
  }
}
