package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.voxbench.workflows.Json;

/**
 * On what an attempt was computed: Java, operating system, processor, memory, libtorch, GPU. The
 * machine's name is left out, as servers may be shared with strangers, unless {@code
 * VOXBENCH_TRACKING_HOSTNAME=true}.
 */
final class MachineFacts {

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Pattern LIBRARY =
      Pattern.compile("(pytorch-native|pytorch-engine)-(.*)\\.jar");

  private MachineFacts() {}

  /** Gathers them; loads no native library. */
  static ObjectNode gather(Map<String, String> environment, int threads) {
    ObjectNode facts = Json.MAPPER.createObjectNode();
    facts.put("java", System.getProperty("java.version", "unknown"));
    facts.put(
        "java_vm",
        System.getProperty("java.vm.vendor", "") + " " + System.getProperty("java.vm.name", ""));
    facts.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
    facts.put("architecture", System.getProperty("os.arch", ""));
    facts.put("cpu", processor());
    facts.put("processors", Runtime.getRuntime().availableProcessors());
    facts.put("threads", threads);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    facts.put("memory_bytes", system.getTotalMemorySize());
    libraries().forEach(facts::put);
    ArrayNode gpus = facts.putArray("gpus");
    gpus(environment).forEach(gpus::add);
    if (environment.getOrDefault("VOXBENCH_TRACKING_HOSTNAME", "").equals("true")) {
      facts.put("host", WorkerProcess.HERE);
    }
    return facts;
  }

  private static String processor() {
    try (Stream<String> lines =
        Files.exists(PROCESSOR) ? Files.lines(PROCESSOR) : Stream.<String>of()) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException | java.io.UncheckedIOException unreadable) {
      return "unknown";
    }
  }

  private static Map<String, String> libraries() {
    Map<String, String> versions = new TreeMap<>();
    for (String entry :
        System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), -1)) {
      for (String name : jars(entry)) {
        Matcher library = LIBRARY.matcher(name);
        if (library.matches()) {
          boolean natives = library.group(1).equals("pytorch-native");
          versions.put(natives ? "libtorch" : "djl", library.group(2));
        }
      }
    }
    return versions;
  }

  private static List<String> jars(String entry) {
    if (!entry.endsWith("*")) {
      return List.of(new File(entry).getName());
    }
    String[] names = new File(entry.substring(0, entry.length() - 1)).list();
    return names == null ? List.of() : List.of(names);
  }

  private static List<String> gpus(Map<String, String> environment) {
    String visible = environment.getOrDefault("CUDA_VISIBLE_DEVICES", "");
    if (visible.isEmpty()) {
      return List.of();
    }
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--id=" + visible,
                  "--query-gpu=name,memory.total,driver_version",
                  "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return List.of();
      }
      return process.inputReader().lines().toList();
    } catch (IOException none) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
