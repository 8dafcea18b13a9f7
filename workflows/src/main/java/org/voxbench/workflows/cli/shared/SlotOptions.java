package org.voxbench.workflows.cli.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.run.Slots.Capacity;
import picocli.CommandLine.Option;

/** How many steps may compute at a time. */
public final class SlotOptions {

  /** One on the processors, one on each GPU. */
  public static final Capacity DEFAULT =
      new Capacity(1, gpus(System.getenv("CUDA_VISIBLE_DEVICES")));

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "how many steps may compute on the processors at a time (default: 1, since one uses all);"
              + " each GPU takes one more")
  private int cpu = 1;

  @Option(
      names = "--gpus",
      paramLabel = "LIST",
      description =
          "the GPUs to use, such as 0,2, or none (default: those in CUDA_VISIBLE_DEVICES, or else"
              + " all); a step sees only the one that it was given")
  private @Nullable String gpus;

  /** As asked for; what was not is taken from this machine. */
  public Capacity capacity() {
    return gpus == null ? new Capacity(cpu, DEFAULT.gpus()) : new Capacity(cpu, gpus(gpus));
  }

  /** The GPUs of a list, or all that this machine has where there is none. */
  static List<String> gpus(@Nullable String list) {
    if (list != null) {
      return Arrays.stream(list.split(","))
          .map(String::strip)
          .filter(gpu -> !gpu.isEmpty() && !gpu.equals("none") && !gpu.equals("-1"))
          .toList();
    }
    try (Stream<Path> devices = Files.list(Path.of("/dev"))) {
      return devices
          .map(device -> device.getFileName().toString())
          .filter(name -> name.matches("nvidia[0-9]+"))
          .map(name -> name.substring("nvidia".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
