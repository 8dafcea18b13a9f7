package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;

/** Prepares in a process of its own: {@code RAW OUTPUT SHARED}; prints what it is told. */
final class PreprocessElsewhere {

  private PreprocessElsewhere() {}

  public static void main(String[] args) throws IOException {
    StepContext context =
        new StepContext(
            Map.of(StepName.DOWNLOAD, Path.of(args[0])),
            Files.createDirectories(Path.of(args[1])),
            Optional.empty(),
            new Printed(),
            () -> false,
            Optional.of(Path.of(args[2])),
            new Resources(2, 256L << 20, "cpu"));
    new Preprocess().run(RawFixture.request("CT"), context);
  }

  /** Starts it with this process's class path. */
  static Process start(Path raw, Path output, Path shared, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            PreprocessElsewhere.class.getName(),
            raw.toString(),
            output.toString(),
            shared.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static final class Printed implements RunListener {

    @Override
    public void metric(String key, double value, long step) {
      System.out.println(key + "=" + value);
    }

    @Override
    public void progress(String task, long done, long total) {
      System.out.println(task + " " + done + "/" + total);
    }

    @Override
    public void note(String sentence) {
      System.out.println(sentence);
    }
  }
}
