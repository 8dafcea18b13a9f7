package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.voxbench.steps.StepName;

@Timeout(60)
class SystemMetricsTest {

  @TempDir private Path folder = Path.of("");

  private static SystemReadings readings(Path disk) {
    return new SystemReadings(disk, GpuReadings.of(Map.of()));
  }

  @Test
  void readingsBearMlflowsNamesAndArePlausible() throws IOException {
    Map<String, Double> readings = readings(folder).take();
    assertThat(readings)
        .containsKeys(
            "system/system_memory_usage_megabytes",
            "system/disk_usage_megabytes",
            "system/disk_available_megabytes",
            "system/network_receive_megabytes",
            "system/network_transmit_megabytes");
    for (String share :
        List.of("system/system_memory_usage_percentage", "system/disk_usage_percentage")) {
      assertThat(readings.get(share)).isBetween(0.0, 100.0);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for nvidia-smi is a script")
  void theGpusOfTheSlotAreReadAsNvidiaSmiTellsThem() throws IOException {
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(
        program,
        "#!/bin/sh\n"
            + "[ \"$1\" = --id=1 ] && echo '1, 87, 1000, 4000, 250.5, 501.0'\n"
            + "echo '2, [N/A], 10, 100, [N/A], [N/A]'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Map<String, Double> readings = new TreeMap<>();
    GpuReadings.with(program.toString(), "1").into(readings);
    assertThat(readings)
        .containsEntry("system/gpu_1_utilization_percentage", 87.0)
        .containsEntry("system/gpu_1_memory_usage_megabytes", 1048.576)
        .containsEntry("system/gpu_1_memory_usage_percentage", 25.0)
        .containsEntry("system/gpu_1_power_usage_watts", 250.5)
        .containsEntry("system/gpu_1_power_usage_percentage", 50.0)
        .containsEntry("system/gpu_2_memory_usage_percentage", 10.0)
        .doesNotContainKey("system/gpu_2_utilization_percentage")
        .doesNotContainKey("system/gpu_2_power_usage_watts");
  }

  @Test
  void aMachineWithoutNvidiaSmiHasNoGpuReadingsAndNoFailure() {
    Map<String, Double> readings = new TreeMap<>();
    GpuReadings.with(folder.resolve("none").toString(), "0").into(readings);
    assertThat(readings).isEmpty();
  }

  @Test
  void samplesStandInAFileOfTheirOwnUntilTheSamplerIsClosed() throws Exception {
    Path file = folder.resolve("system.jsonl");
    SystemSampler sampler =
        new SystemSampler(readings(folder), file, InstantSource.system(), Duration.ofMillis(20));
    EventTail tail = new EventTail(file, 0);
    int cpu = 0;
    while (cpu < 3) {
      cpu += count(tail.next());
      Thread.onSpinWait();
    }
    sampler.close();
    int unused = count(tail.next());
    assertThat(tail.next()).isEmpty();
  }

  private static int count(List<Event> events) {
    return (int)
        events.stream()
            .filter(e -> e instanceof Event.Metric m && m.key().endsWith("memory_usage_percentage"))
            .count();
  }

  @Test
  void readingsOfAllStepsMakeOneCurveOfTheRunAndAreToldOnce() throws IOException {
    RunBench bench = new RunBench(folder);
    String id = bench.queued(1);
    bench.work(id);
    long start = bench.find(id).created().toEpochMilli();
    sample(bench, id, StepName.DOWNLOAD, start + 1_000, 10);
    sample(bench, id, StepName.TRAIN, start + 61_500, 90);
    try (Shipping shipping = new Shipping(bench)) {
      shipping.ship();
      shipping.ship();
      Run run = shipping.run("demo", id);
      assertThat(
              shipping.client.getMetricHistory(
                  run.getInfo().getRunId(), "system/cpu_utilization_percentage"))
          .extracting(Metric::getStep, Metric::getValue)
          .containsExactly(tuple(1L, 10.0), tuple(61L, 90.0));
    }
  }

  private static void sample(RunBench bench, String id, StepName step, long at, double value)
      throws IOException {
    String fingerprint = String.valueOf(bench.find(id).step(step).fingerprint());
    Path file = new Store(bench.home.store()).find(step, fingerprint).orElseThrow().system();
    try (EventLog log = new EventLog(file, InstantSource.system())) {
      log.append(new Event.Metric(at, "system/cpu_utilization_percentage", value, 0));
    }
  }
}
