package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.voxbench.steps.preprocess.PreprocessBench;
import org.voxbench.workflows.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures reading and resampling of one scan with its labels. */
@Command(
    name = "preprocess",
    mixinStandardHelpOptions = true,
    description =
        "Measures reading one scan with its labels and resampling both, to 1.9 mm in-plane and to 1.5 mm.")
final class BenchPreprocessCommand implements Callable<Integer> {

  @Option(names = "--image", required = true, paramLabel = "FILE", description = "a NIfTI image")
  private Path image = Path.of("");

  @Option(names = "--label", required = true, paramLabel = "FILE", description = "its labels")
  private Path label = Path.of("");

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "processor threads (default: all of this machine)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "print one JSON object, in seconds and bytes")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads: expected at least 1 but was " + threads);
    }
    PreprocessBench.Figures figures = PreprocessBench.measure(image, label, threads);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(figures));
    } else {
      out.printf(Locale.ROOT, "reading both       %.3f s%n", figures.readSeconds());
      print("to 1.9 mm in-plane", figures.fineInPlane(), out);
      print("to 1.5 mm         ", figures.isotropic(), out);
    }
    out.flush();
    return Main.DONE;
  }

  private static void print(String title, PreprocessBench.Cost cost, PrintWriter out) {
    out.printf(
        Locale.ROOT, "%s %.3f s, peak %d MiB%n", title, cost.seconds(), cost.peakBytes() >> 20);
  }
}
