package org.voxbench.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Tells the resident memory of a process that only trains or predicts. Its Java heap is of fixed
 * size and touched before the start, so that what grows is native.
 */
final class MemoryProbe {

  static final Path STATUS = Path.of("/proc/self/status");

  /**
   * Resident memory in bytes.
   *
   * @param before after the warm-up
   * @param after at the end
   * @param peak the largest of the process
   * @param growth the least that it grew in one of several equal parts of the time: a leak grows in
   *     each of them, while a compiler's tables grow now and then
   */
  record Resident(long before, long after, long peak, long growth) {}

  private static final int WARM_UP = 40;

  /** Parts of the time. */
  static final int PARTS = 3;

  /** What becomes of memory that is freed. */
  enum Freed {
    /** It is kept for the next who asks, as in the product: what leaks hides in it for long. */
    KEPT(4L << 30, 16L << 30),
    /** It goes back at once, which takes twice the time: resident is what is in use. */
    GIVEN_BACK(32 << 10, 64 << 10);

    private final long mapped;
    private final long trimmed;

    Freed(long mapped, long trimmed) {
      this.mapped = mapped;
      this.trimmed = trimmed;
    }
  }

  private MemoryProbe() {}

  /**
   * Runs in a process of its own.
   *
   * @param work train, recompute or predict
   */
  static Resident run(String work, String variant, Precision precision, int steps, Freed freed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.addAll(List.of(MemoryProbe.class.getName(), work, variant, precision.name()));
    command.add(Integer.toString(steps));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", Long.toString(freed.mapped));
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", Long.toString(freed.trimmed));
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder
        .environment()
        .put("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(text);
      }
      String last = text.strip().substring(text.strip().lastIndexOf('\n') + 1);
      String[] numbers = last.split(" ", -1);
      return new Resident(
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]));
    } finally {
      process.destroy();
    }
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  public static void main(String[] arguments) throws IOException {
    UnetrPlusPlusConfig config =
        arguments[1].equals("tiny")
            ? TestNetworks.tiny()
            : UnetrPlusPlusConfig.variant(arguments[1], 1, 14);
    Precision precision = Precision.valueOf(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    Batch batch = TestNetworks.batch(config, 1, 0);
    if (arguments[0].equals("predict")) {
      Weights weights = Weights.initial(config, 1);
      try (Predictor predictor = Predictor.open(config, weights, precision, TestNetworks.CPU)) {
        observe(steps, i -> predictor.probabilities(batch.images(), 1, i % 4 == 0));
      }
      return;
    }
    TrainingOptions plain = TrainingOptions.published(precision);
    TrainingOptions options = arguments[0].equals("recompute") ? plain.withCheckpointing() : plain;
    try (Training training = Training.start(config, options, TestNetworks.CPU, 1)) {
      observe(steps, i -> training.step(batch, 1e-3, i));
    }
  }

  private static void observe(int steps, IntConsumer work) throws IOException {
    for (int i = 0; i < Math.min(WARM_UP, steps); i++) {
      work.accept(i);
    }
    long before = bytes("VmRSS:");
    long now = before;
    long growth = Long.MAX_VALUE;
    for (int i = 0; i < steps; i++) {
      work.accept(i);
      if ((i + 1) % Math.max(1, steps / PARTS) == 0) {
        long then = now;
        now = bytes("VmRSS:");
        growth = Math.min(growth, now - then);
      }
    }
    System.out.println();
    System.out.printf("%d %d %d %d%n", before, bytes("VmRSS:"), bytes("VmHWM:"), growth);
  }

  private static long bytes(String name) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no %s in %s".formatted(name, STATUS));
  }
}
