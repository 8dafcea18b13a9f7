package org.voxbench.workflows.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How busy the NVIDIA GPUs are, as {@code nvidia-smi} says; nothing where there is none. */
final class GpuReadings {

  private static final Logger LOG = LoggerFactory.getLogger(GpuReadings.class);
  private static final long PATIENCE_SECONDS = 5;
  private static final double MEGA = 1.048576;

  private final List<String> command;
  private boolean there;

  private GpuReadings(List<String> command) {
    this.command = command;
    this.there = !command.isEmpty();
  }

  /** The GPUs that a process with these variables may use. */
  static GpuReadings of(Map<String, String> environment) {
    String visible = environment.getOrDefault("CUDA_VISIBLE_DEVICES", "");
    return visible.isEmpty() ? new GpuReadings(List.of()) : with("nvidia-smi", visible);
  }

  /**
   * Asks a program.
   *
   * @param visible which GPUs, as {@code CUDA_VISIBLE_DEVICES} lists them
   */
  static GpuReadings with(String program, String visible) {
    String fields = "index,utilization.gpu,memory.used,memory.total,power.draw,power.limit";
    return new GpuReadings(
        List.of(
            program, "--id=" + visible, "--query-gpu=" + fields, "--format=csv,noheader,nounits"));
  }

  /** Adds a reading of each; after a failure never again. */
  void into(Map<String, Double> readings) {
    if (!there) {
      return;
    }
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("no answer within " + PATIENCE_SECONDS + " s");
      }
      process.inputReader().lines().forEach(line -> read(line, readings));
    } catch (IOException e) {
      LOG.info("the GPUs' load is not recorded: {}", e.getMessage());
      there = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // MLflow's GPU memory is in units of 10^6 bytes, that of nvidia-smi in MiB.
  private static void read(String line, Map<String, Double> readings) {
    String[] fields = line.split(",", -1);
    if (fields.length < 6) {
      return;
    }
    String gpu = "system/gpu_" + fields[0].strip() + "_";
    double used = figure(fields[2]);
    put(readings, gpu + "utilization_percentage", figure(fields[1]));
    put(readings, gpu + "memory_usage_megabytes", used * MEGA);
    put(readings, gpu + "memory_usage_percentage", 100 * used / figure(fields[3]));
    put(readings, gpu + "power_usage_watts", figure(fields[4]));
    put(readings, gpu + "power_usage_percentage", 100 * figure(fields[4]) / figure(fields[5]));
  }

  private static void put(Map<String, Double> readings, String key, double value) {
    if (Double.isFinite(value)) {
      readings.put(key, value);
    }
  }

  /** NaN for what the card does not tell, such as {@code [N/A]}. */
  private static double figure(String field) {
    try {
      return Double.parseDouble(field.strip());
    } catch (NumberFormatException untold) {
      return Double.NaN;
    }
  }
}
