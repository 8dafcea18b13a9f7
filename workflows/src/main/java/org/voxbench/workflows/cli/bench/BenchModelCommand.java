package org.voxbench.workflows.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.bench.ModelBench;
import org.voxbench.steps.bench.ModelBench.Figures;
import org.voxbench.steps.bench.ModelBench.Phase;
import org.voxbench.steps.bench.ModelBench.Setting;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.run.Worker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the network: each phase in a child process, since a peak is a whole process's. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a training step with optimizer, a window of prediction, and peak resident memory.",
      "Medians after warm-up; see docs/benchmarks.md."
    })
final class BenchModelCommand implements Callable<Integer> {

  @Option(
      names = "--variant",
      defaultValue = "synapse",
      description = "synapse, acdc, lung, tumor or nano (default: ${DEFAULT-VALUE})")
  private String variant = "";

  @Option(
      names = "--precision",
      defaultValue = "auto",
      description = "auto, float32, bfloat16 or float16 (default: ${DEFAULT-VALUE})")
  private String precision = "";

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE})")
  private String device = "";

  @Option(names = "--threads", defaultValue = "0", description = "CPU threads (default: all)")
  private int threads;

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "samples in one training step (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--repetitions",
      defaultValue = "5",
      description = "measured repetitions, at least 5 (default: ${DEFAULT-VALUE})")
  private int repetitions;

  @Option(names = "--recompute", description = "recompute activations in the backward pass")
  private boolean recompute;

  @Option(names = "--phase", hidden = true, description = "measure one phase in this process")
  private @Nullable Phase phase;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  private record Report(
      @JsonProperty("step_seconds") double step,
      @JsonProperty("window_seconds") double window,
      @JsonProperty("peak_bytes") long peak,
      @JsonProperty("window_peak_bytes") long windowPeak,
      @JsonProperty("variant") String variant,
      @JsonProperty("precision") String precision) {}

  @Override
  public Integer call() throws IOException {
    Setting setting =
        new Setting(variant, precision, device, threads, batch, repetitions, recompute);
    ModelBench.check(setting);
    PrintWriter out = spec.commandLine().getOut();
    Path natives = home.home().prepared().natives();
    if (phase != null) {
      out.println(Json.MAPPER.writeValueAsString(ModelBench.measure(phase, setting, natives)));
    } else {
      Figures step = inChild(Phase.STEP, natives);
      Figures window = inChild(Phase.WINDOW, natives);
      print(
          new Report(
              step.seconds(),
              window.seconds(),
              step.peakBytes(),
              window.peakBytes(),
              variant,
              step.precision()),
          out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private void print(Report report, PrintWriter out) throws IOException {
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(report));
      return;
    }
    out.printf("%s, batch %d, %s%n", report.variant(), batch, report.precision());
    out.printf("training step with optimizer  %8.3f s%n", report.step());
    out.printf("one window of prediction      %8.3f s%n", report.window());
    out.printf("peak memory, training         %8.3f GB%n", report.peak() * 1e-9);
    out.printf("peak memory, prediction       %8.3f GB%n", report.windowPeak() * 1e-9);
  }

  private Figures inChild(Phase one, Path natives) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(one));
    builder.environment().putAll(Worker.environment(natives));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    try {
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0 || answer.isEmpty()) {
        throw new PermanentStepException(
            "the process that measured the %s ended with code %d; its messages stand above"
                .formatted(one.name().toLowerCase(Locale.ROOT), code));
      }
      return Json.MAPPER.readValue(answer.substring(answer.lastIndexOf('\n') + 1), Figures.class);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while measuring", e);
    } finally {
      process.destroy();
    }
  }

  private List<String> command(Phase one) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dai.djl.offline=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Launcher.MAIN, "bench", "model", "--phase", one.name()));
    command.addAll(List.of("--variant", variant, "--precision", precision, "--device", device));
    command.addAll(List.of("--threads", "" + threads, "--batch", "" + batch));
    command.addAll(List.of("--repetitions", "" + repetitions));
    if (recompute) {
      command.add("--recompute");
    }
    command.addAll(List.of("--home", home.home().root().toString()));
    return command;
  }
}
