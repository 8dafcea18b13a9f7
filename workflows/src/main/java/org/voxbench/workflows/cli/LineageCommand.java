package org.voxbench.workflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.observe.Lineage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a run's outputs were made from. */
@Command(
    name = "lineage",
    mixinStandardHelpOptions = true,
    description = {
      "Shows for each step of a run which outputs it read and which it made, by content.",
      "--json prints the events of OpenLineage that stand in lineage.json of the run's folder."
    })
final class LineageCommand implements Callable<Integer> {

  private static final int DIGITS = 12;

  @Mixin private final RunArgument run = new RunArgument();
  @Mixin private final ReadOptions options = new ReadOptions();

  @Override
  public Integer call() throws IOException {
    Home home = options.home();
    JsonNode events = new Lineage(home, Steps.all(home.natives())).events(run.read(home));
    return options.print(events, out -> events.forEach(event -> print(event, out)));
  }

  private static void print(JsonNode event, PrintWriter out) {
    JsonNode own = event.at("/run/facets/voxbench");
    out.printf(
        "%-12s%s%n",
        own.path("step").asText(),
        own.path("reused").asBoolean()
            ? "reused, made by run " + own.path("madeBy").asText()
            : "made by attempt " + own.path("attempt").asInt());
    event.path("inputs").forEach(input -> out.println("  from  " + dataset(input)));
    event.path("outputs").forEach(output -> out.println("  to    " + dataset(output)));
  }

  private static String dataset(JsonNode dataset) {
    String version = dataset.at("/facets/version/datasetVersion").asText();
    int end = Math.min(version.length(), version.indexOf(':') + 1 + DIGITS);
    return version.substring(0, end) + "  " + dataset.path("name").asText();
  }
}
