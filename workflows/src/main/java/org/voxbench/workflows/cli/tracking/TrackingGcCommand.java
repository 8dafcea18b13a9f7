package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.ShippingApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Frees what was deleted on the embedded tracking server. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes for good what was deleted on the embedded tracking server at least --older-than"
          + " ago:",
      "runs with their metrics and artifacts, experiments that hold none, their logged models.",
      "The runs below --home and their results stay."
    })
final class TrackingGcCommand implements Callable<Integer> {

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      defaultValue = "30d",
      description = "such as 30d, 12h or 0d (default: 30d)")
  private String age = "30d";

  @Option(names = "--dry-run", description = "only say what would be deleted")
  private boolean dryRun;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Duration olderThan = age();
    Home folder = home.home().prepared();
    TrackingApi.Collected collected = collect(folder, olderThan);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(collected));
    } else {
      out.printf(
          Locale.ROOT,
          "%s %d runs, %d experiments, %d logged models, %.1f MB of artifacts%n",
          dryRun ? "would delete" : "deleted",
          collected.runs(),
          collected.experiments(),
          collected.loggedModels(),
          collected.bytes() / 1e6);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private TrackingApi.Collected collect(Home folder, Duration olderThan) throws IOException {
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(folder);
    if (coordinator.isPresent()) {
      byte[] asked = Json.MAPPER.writeValueAsBytes(new ShippingApi.Clear(olderThan, dryRun));
      return Json.MAPPER.treeToValue(
          coordinator.get().change("POST", "/api/tracking/gc", asked), TrackingApi.Collected.class);
    }
    try (Ground ground = Ground.take(folder)) {
      return new TrackingApi(ground.database(), folder.artifacts(), InstantSource.system())
          .collect(olderThan, dryRun);
    }
  }

  private Duration age() {
    try {
      String upper = age.toUpperCase(Locale.ROOT);
      Duration parsed = Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
      if (!parsed.isNegative()) {
        return parsed;
      }
    } catch (DateTimeParseException notOne) {
      throw wrong(notOne);
    }
    throw wrong(new IllegalArgumentException(age));
  }

  private ParameterException wrong(Exception cause) {
    return new ParameterException(
        spec.commandLine(),
        "--older-than: expected an age such as 30d or 12h but found \"" + age + "\"",
        cause);
  }
}
