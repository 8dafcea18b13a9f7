package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What the commands share that read a home folder and print what they found, or JSON. */
final class ReadOptions {

  @Option(names = "--json", description = "print JSON instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /** The folder as given, neither made nor checked. */
  Home home() {
    return home.home();
  }

  /**
   * Prints.
   *
   * @param found what {@code --json} prints
   * @param text prints it for people
   */
  int print(Object found, Consumer<PrintWriter> text) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(found));
    } else {
      text.accept(out);
    }
    out.flush();
    return ExitCode.DONE;
  }
}
