package org.voxbench.workflows.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.bench.EngineBench.Throughput;
import org.voxbench.workflows.cli.shared.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the engine costs beside the work of the steps. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the engine with steps that do nothing: the durable hand-off from one step to the"
          + " next, runs of six steps through the whole engine, and start and status of a home"
          + " folder with many finished runs.",
      "Writes below --folder and takes it away again."
    })
final class BenchEngineCommand implements Callable<Integer> {

  private static final int WORKERS = 4;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "2000",
      description = "runs to send through (default: ${DEFAULT-VALUE})")
  private int runs;

  @Option(
      names = "--finished",
      paramLabel = "N",
      defaultValue = "10000",
      description = "finished runs in the home folder (default: ${DEFAULT-VALUE})")
  private int finished;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "where to measure (default: a new folder below the system's temporary one)")
  private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (runs < 1 || finished < 1) {
      throw new IllegalArgumentException("--runs and --finished: expected at least 1");
    }
    Path folder = Files.createTempDirectory(parent, "voxbench-engine");
    try {
      EngineBench bench = new EngineBench(folder);
      PrintWriter err = spec.commandLine().getErr();
      err.println("hand-off: " + Math.max(1, runs / 10) + " runs, one at a time");
      Throughput handoff = bench.throughput(Math.max(1, runs / 10), 1);
      err.println("throughput: " + runs + " runs, " + WORKERS + " at a time");
      Throughput throughput = bench.throughput(runs, WORKERS);
      err.println("start and status: " + finished + " finished runs");
      Home home = bench.finished(finished);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("handoff_p99_ms", rounded(handoff.handoffP99Millis()));
      figures.put("runs_" + runs + "_seconds", rounded(throughput.seconds()));
      figures.put("start_" + finished + "_seconds", rounded(bench.serveSeconds(home)));
      figures.put("status_" + finished + "_seconds", rounded(bench.statusSeconds(home)));
      figures.put("heap_mib", throughput.heapMebibytes());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Json.MAPPER.writeValueAsString(figures));
      } else {
        figures.forEach((name, figure) -> out.printf(Locale.ROOT, "%-24s%s%n", name, figure));
      }
      out.flush();
      return ExitCode.DONE;
    } finally {
      delete(folder);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
