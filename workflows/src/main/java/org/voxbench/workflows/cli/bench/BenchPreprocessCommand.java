package org.voxbench.workflows.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.preprocess.PreprocessBench;
import org.voxbench.steps.preprocess.PreprocessBench.Cost;
import org.voxbench.steps.preprocess.PreprocessBench.Target;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.Launcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures reading and resampling of one scan with its labels, each figure in a process of its own.
 */
@Command(
    name = "preprocess",
    mixinStandardHelpOptions = true,
    description =
        "Measures reading one scan with its labels and resampling both, to 1.9 mm in-plane and to"
            + " 1.5 mm.")
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

  @Option(names = "--only", hidden = true, description = "what a process of its own measures")
  private @Nullable Measured only;

  @Spec private CommandSpec spec;

  /** What one process measures. */
  enum Measured {
    READING,
    FINE_IN_PLANE,
    ISOTROPIC
  }

  private record Figures(
      @JsonProperty("to_1_9") Cost fineInPlane,
      @JsonProperty("to_1_5") Cost isotropic,
      @JsonProperty("read_seconds") double readSeconds) {}

  @Override
  public Integer call() throws IOException {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads: expected at least 1 but was " + threads);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (only != null) {
      out.println(Json.MAPPER.writeValueAsString(measure(only)));
      out.flush();
      return ExitCode.DONE;
    }
    // A mistake in the files is told by this process, in the words of every other command.
    PreprocessBench.requireMatch(image, label);
    Figures figures =
        new Figures(
            cost(Measured.FINE_IN_PLANE),
            cost(Measured.ISOTROPIC),
            inOwnProcess(Measured.READING).doubleValue());
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(figures));
    } else {
      out.printf(Locale.ROOT, "reading both       %.3f s%n", figures.readSeconds());
      print("to 1.9 mm in-plane", figures.fineInPlane(), out);
      print("to 1.5 mm         ", figures.isotropic(), out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private Object measure(Measured what) throws IOException {
    return what == Measured.READING
        ? PreprocessBench.reading(image, label)
        : PreprocessBench.resampling(image, label, Target.valueOf(what.name()), threads);
  }

  private Cost cost(Measured what) throws IOException {
    return Json.MAPPER.treeToValue(inOwnProcess(what), Cost.class);
  }

  private JsonNode inOwnProcess(Measured what) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (what != Measured.READING) {
      // The heap grows with the work alone, so that the peak is the work's.
      command.addAll(List.of("-XX:+UseSerialGC", "-Xms16m"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Launcher.MAIN));
    command.addAll(List.of("bench", "preprocess", "--only", what.name()));
    command.addAll(List.of("--image", image.toString(), "--label", label.toString()));
    command.addAll(List.of("--threads", Integer.toString(threads)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      byte[] printed = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IOException("the measuring process ended with " + process.exitValue());
      }
      return Json.MAPPER.readTree(new String(printed, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a process measured", e);
    } finally {
      process.destroy();
    }
  }

  private static void print(String title, Cost cost, PrintWriter out) {
    out.printf(
        Locale.ROOT, "%s %.3f s, peak %d MiB%n", title, cost.seconds(), cost.peakBytes() >> 20);
  }
}
