package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.DamagedIndexException;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.run.RunFolders;
import org.voxbench.workflows.run.RunFolders.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Builds the index anew. */
@Command(
    name = "reindex",
    mixinStandardHelpOptions = true,
    description = {
      "Builds the index (H2) anew from the run folders, which hold the truth.",
      "A file that H2 cannot read is set aside first; the tracking server is then told of every run"
          + " again, and only runs that other programs logged there are missing."
    })
final class ReindexCommand implements Callable<Integer> {

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Home folder = home.home().prepared();
    Optional<Path> aside = setAside(folder);
    aside.ifPresent(file -> out.println("set the damaged index aside as " + file));
    Outcome outcome;
    try (Ground ground = Ground.take(folder)) {
      outcome = new RunFolders(folder, ground.journal()).reindex();
    }
    out.println(outcome.runs() + " runs indexed");
    outcome.problems().forEach(problem -> out.println("not readable: " + problem));
    out.flush();
    return outcome.problems().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** Moves an index that cannot be opened out of the way. */
  private static Optional<Path> setAside(Home home) throws IOException {
    try {
      Ground.take(home).close();
      return Optional.empty();
    } catch (DamagedIndexException e) {
      Path index = Path.of(home.index() + ".mv.db");
      int number = 1;
      Path aside = Path.of(home.index() + ".damaged-" + number + ".mv.db");
      while (Files.exists(aside)) {
        number++;
        aside = Path.of(home.index() + ".damaged-" + number + ".mv.db");
      }
      return Optional.of(Files.move(index, aside));
    }
  }
}
