package org.voxbench.workflows.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How busy this machine is, under MLflow's names of system metrics; a megabyte is 10^6 bytes as it
 * is there. What the operating system does not tell is left out.
 */
final class SystemReadings {

  private static final double MEGA = 1e6;
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path NETWORK = Path.of("/proc/net/dev");
  private static final Path SELF = Path.of("/proc/self/status");

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Path disk;
  private final GpuReadings gpus;
  private final double[] networkAtFirst = network();

  /**
   * @param disk a folder on the file system to be looked at
   */
  SystemReadings(Path disk, GpuReadings gpus) {
    this.disk = disk;
    this.gpus = gpus;
    // The first answer is the load since the last question: there was none.
    double unused = system.getCpuLoad();
  }

  /** One reading of each. */
  Map<String, Double> take() throws IOException {
    Map<String, Double> readings = new TreeMap<>();
    double load = system.getCpuLoad();
    if (load >= 0) {
      readings.put("system/cpu_utilization_percentage", 100 * load);
    }
    memory(readings);
    FileStore store = Files.getFileStore(disk);
    double total = store.getTotalSpace();
    double free = store.getUsableSpace();
    if (total > 0) {
      readings.put("system/disk_usage_megabytes", (total - free) / MEGA);
      readings.put("system/disk_usage_percentage", 100 * (total - free) / total);
      readings.put("system/disk_available_megabytes", free / MEGA);
    }
    double[] network = network();
    readings.put("system/network_receive_megabytes", (network[0] - networkAtFirst[0]) / MEGA);
    readings.put("system/network_transmit_megabytes", (network[1] - networkAtFirst[1]) / MEGA);
    gpus.into(readings);
    return readings;
  }

  private void memory(Map<String, Double> readings) throws IOException {
    double total = system.getTotalMemorySize();
    double free = system.getFreeMemorySize();
    if (Files.exists(MEMORY)) {
      // What the kernel would give back at once counts as free.
      total = kibibytes(MEMORY, "MemTotal:", total / 1024) * 1024;
      free = kibibytes(MEMORY, "MemAvailable:", free / 1024) * 1024;
    }
    readings.put("system/system_memory_usage_megabytes", (total - free) / MEGA);
    readings.put("system/system_memory_usage_percentage", 100 * (total - free) / total);
    double own = Files.exists(SELF) ? kibibytes(SELF, "VmRSS:", 0) : 0;
    if (own > 0) {
      readings.put("system/worker_memory_usage_megabytes", own * 1024 / MEGA);
    }
  }

  private static double kibibytes(Path file, String field, double otherwise) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(field)) {
        return Double.parseDouble(line.substring(field.length()).strip().split(" ", 2)[0]);
      }
    }
    return otherwise;
  }

  /** Bytes received and sent since the machine started, over all but the loopback. */
  private static double[] network() {
    double[] bytes = new double[2];
    try {
      List<String> lines = Files.exists(NETWORK) ? Files.readAllLines(NETWORK) : List.of();
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
          String[] fields = line.substring(colon + 1).strip().split("\\s+", -1);
          bytes[0] += Double.parseDouble(fields[0]);
          bytes[1] += Double.parseDouble(fields[8]);
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      return new double[2];
    }
    return bytes;
  }
}
