package org.voxbench.workflows.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.check.ServerMemory;
import org.voxbench.tracking.check.TrackingBench;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.ServeProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a tracking server. */
@Command(
    name = "tracking",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a tracking server with MLflow's Java client: the embedded one, started for it",
      "in a process and a folder of its own, or the one at --uri."
    })
final class BenchTrackingCommand implements Callable<Integer> {

  private static final double SECONDS = 4;

  @Option(names = "--uri", paramLabel = "URI", description = "any MLflow server instead")
  private @Nullable URI uri;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ObjectNode figures = Json.MAPPER.createObjectNode();
    if (uri == null) {
      try (ServeProcess serve = ServeProcess.start()) {
        measure(serve.address(), serve.credentials(), serve.memory(), figures);
      }
    } else {
      measure(uri, Credentials.fromEnvironment(System.getenv()), ServerMemory.bytes(uri), figures);
    }
    print(figures);
    return ExitCode.DONE;
  }

  private static void measure(
      URI server, Credentials credentials, OptionalLong idle, ObjectNode figures)
      throws IOException {
    try (TrackingBench bench = new TrackingBench(server, credentials)) {
      figures.put("log_batch_metrics_per_second", bench.logBatchMetricsPerSecond(SECONDS));
      figures.put("log_metric_calls_per_second", bench.logMetricCallsPerSecond(SECONDS));
      figures.put("search_1000_runs_ms", bench.searchRunsMillis());
      figures.put("history_100000_ms", bench.sampledHistoryMillis());
    }
    if (idle.isPresent()) {
      figures.put("idle_bytes", idle.getAsLong());
    } else {
      figures.putNull("idle_bytes");
    }
  }

  private void print(ObjectNode figures) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(figures));
    } else {
      figures
          .properties()
          .forEach(
              figure ->
                  out.printf(
                      Locale.ROOT, "%-32s%16.1f%n", figure.getKey(), figure.getValue().asDouble()));
    }
    out.flush();
  }
}
