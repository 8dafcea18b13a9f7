package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.coordinator.Keeping;
import org.voxbench.workflows.keep.RunArchive;
import org.voxbench.workflows.run.RunFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Small commands that keep runs: pins, archives, backups. */
final class KeepCommands {

  private KeepCommands() {}

  /** What they share. */
  abstract static class KeepCommand implements Callable<Integer> {

    @Mixin final HomeOption home = new HomeOption();
    @Spec CommandSpec spec;

    void say(String line) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }

  /** Protects a run from gc. */
  @Command(
      name = "pin",
      mixinStandardHelpOptions = true,
      description = "Protects a run from gc; its outputs stay, too.")
  static final class Pin extends KeepCommand {

    @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
    private String id = "";

    @Option(names = "--remove", description = "let it go again")
    private boolean remove;

    @Override
    public Integer call() throws IOException {
      Keeping.of(home.home().prepared()).pin(id, !remove);
      say("run " + id + (remove ? ": no longer pinned" : ": pinned"));
      return ExitCode.DONE;
    }
  }

  /** A run as one file. */
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Writes a run with all its outputs into one archive.")
  static final class Export extends KeepCommand {

    @Parameters(paramLabel = "RUN", description = "id of the run, such as quickstart-1")
    private String id = "";

    @Parameters(paramLabel = "FILE", index = "1", description = "the archive to write, a zip file")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      Keeping.of(home.home().prepared()).export(id, file);
      say("run " + id + ": exported to " + file);
      return ExitCode.DONE;
    }
  }

  /** Takes a run out of an archive. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Takes a run out of an archive that export wrote.")
  static final class Import extends KeepCommand {

    @Parameters(paramLabel = "FILE", description = "the archive")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      Home folder = home.home().prepared();
      String id = new RunArchive(folder).take(file);
      Keeping.of(folder).found(id);
      say("run " + id + ": imported; see it with: voxbench show " + id + folder.option());
      return ExitCode.DONE;
    }
  }

  /** The whole home folder as one file. */
  @Command(
      name = "backup",
      mixinStandardHelpOptions = true,
      description =
          "Writes the home folder into one archive, without what can be made again; runs may go on.")
  static final class Backup extends KeepCommand {

    @Parameters(paramLabel = "FILE", description = "the archive to write, a zip file")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      Home folder = home.home().prepared();
      if (file.toAbsolutePath().normalize().startsWith(folder.root())) {
        throw new IllegalArgumentException(file + ": expected a file outside the home folder");
      }
      Keeping.of(folder).backup(file);
      say(folder.root() + ": written to " + file);
      return ExitCode.DONE;
    }
  }

  /** A home folder out of a backup. */
  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Fills a home folder without runs from a backup.")
  static final class Restore extends KeepCommand {

    @Parameters(paramLabel = "FILE", description = "the archive that backup wrote")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      Home folder = home.home().prepared();
      try (Ground ground = Ground.take(folder)) {
        new RunArchive(folder).restore(file);
        int runs = new RunFolders(folder, ground.journal()).catchUp().runs();
        say(folder.root() + ": " + runs + " runs restored");
      }
      return ExitCode.DONE;
    }
  }
}
