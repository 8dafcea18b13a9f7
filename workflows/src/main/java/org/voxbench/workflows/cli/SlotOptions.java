package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.voxbench.workflows.run.Slots.Capacity;
import picocli.CommandLine.Option;

/** How many steps may compute at a time. */
final class SlotOptions {

  /** One on the processors, one on each GPU. */
  static final Capacity DEFAULT = new Capacity(1, gpus());

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "how many steps may compute on the processors at a time (default: 1, since one uses all);"
              + " each GPU takes one more")
  private int cpu = 1;

  Capacity capacity() {
    return new Capacity(cpu, gpus());
  }

  private static int gpus() {
    try (Stream<Path> devices = Files.list(Path.of("/dev"))) {
      return (int) devices.filter(d -> d.getFileName().toString().matches("nvidia[0-9]+")).count();
    } catch (IOException e) {
      return 0;
    }
  }
}
