package org.voxbench.steps.preprocess;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that can be filled up. Only where tests may mount. */
public record SmallDisk(Path folder) implements AutoCloseable {

  /** Mounts one, or skips the test with the reason. */
  public static SmallDisk of(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    String refusal =
        command(
            "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    assumeTrue(refusal.isEmpty(), "needs the right to mount a small tmpfs: " + refusal);
    return new SmallDisk(folder);
  }

  /** Leaves no byte free. */
  public void fill() {
    byte[] chunk = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(chunk);
      }
    } catch (IOException full) {
      if (!Files.exists(filler())) {
        throw new UncheckedIOException(full);
      }
    }
  }

  public void makeRoom() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() throws IOException {
    command("umount", folder.toString());
  }

  /** What a failed command says; empty when it did not fail. */
  private static String command(String... words) throws IOException {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : said.strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
