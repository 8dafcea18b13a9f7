package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.ExperimentOptions;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.config.ConfigurationException;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.RunListing;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunIndex.Sort;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine.Command;

/**
 * Touches what the commands are made of, in a home folder of its own: the launcher has the JVM
 * archive the classes that this loads.
 */
@Command(
    name = "warm-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Loads classes for the launcher's archive.")
final class WarmUpCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    Home home = new Home(Files.createTempDirectory("voxbench-warm-up")).prepared();
    try {
      RunListing.Query query = new RunListing.Query(Filter.ALL, Sort.CREATED, 1);
      Settings settings =
          new Settings(
              Launcher.MAIN,
              Listen.loopback(0),
              () -> false,
              AtShutdown.WAITS,
              SlotOptions.DEFAULT);
      try (Application application = Application.open(home, settings)) {
        application.enqueueWaiting();
        // By way of the coordinator's API, then without one.
        Json.MAPPER.writeValueAsString(RunListing.find(home, query));
      }
      Json.MAPPER.writeValueAsString(RunListing.status(home));
      RunListing.find(home, query);
      validate(home.root().resolve("experiment.yaml"));
    } finally {
      delete(home.root());
    }
    return ExitCode.DONE;
  }

  private static void validate(Path file) throws IOException {
    Files.writeString(file, "name: warm-up\n");
    try {
      ExperimentOptions.reader().read(file, List.of());
    } catch (ConfigurationException incomplete) {
      // All that was wanted is that it was looked at.
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
