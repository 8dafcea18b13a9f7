package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.Launcher;

/** A real process on a real terminal, which {@code script} of util-linux provides. */
class TerminalTest {

  private static final char CTRL_C = 3;
  private static final int PATIENCE_MINUTES = 15;
  private static final Path EXPERIMENT =
      Path.of("..", "configs", "experiments", "quickstart.yaml").toAbsolutePath();

  @TempDir private Path home = Path.of("");

  @Test
  void ctrlCWhileTheBarMovesSavesACheckpointAndSaysHowToGoOn() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")),
        "no /usr/bin/script here to provide a terminal");
    Process process = onTerminal("run", EXPERIMENT.toString(), "--home", home.toString());
    process
        .onExit()
        .orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES)
        .exceptionally(late -> process.destroyForcibly());
    StringBuilder screen = new StringBuilder();
    try (InputStream output = process.getInputStream();
        OutputStream keys = process.getOutputStream()) {
      readUntil(output, screen, "/200 iterations");
      keys.write(CTRL_C);
      keys.flush();
      readUntil(output, screen, null);
      process.waitFor();
    } finally {
      process.destroy();
    }

    assertThat(screen)
        .contains("run quickstart-1 stopped: training stopped on request after")
        .contains("is kept and the next attempt goes on from it");
    assertThat(process.exitValue()).isEqualTo(ExitCode.STOPPED);
    assertThat(checkpoints()).isNotEmpty();
  }

  private static Process onTerminal(String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        String.join(
            " ",
            // A build in the background ignores Ctrl-C, and so would all that it starts.
            "env --default-signal=INT",
            java,
            "-Dvoxbench.terminal=true",
            "-cp",
            "'" + System.getProperty("java.class.path") + "'",
            Launcher.MAIN,
            String.join(" ", arguments));
    return new ProcessBuilder("/usr/bin/script", "-qefc", command, "/dev/null")
        .redirectErrorStream(true)
        .start();
  }

  /** Reads on until the text shows up, or to the end where there is none to wait for. */
  private static void readUntil(InputStream output, StringBuilder screen, @Nullable String text)
      throws IOException {
    byte[] part = new byte[4096];
    int length;
    while ((text == null || screen.indexOf(text) < 0) && (length = output.read(part)) >= 0) {
      screen.append(new String(part, 0, length, StandardCharsets.UTF_8));
    }
  }

  private List<Path> checkpoints() throws IOException {
    try (var files = Files.walk(home.resolve("runs"))) {
      return files.filter(file -> file.endsWith("training.safetensors")).toList();
    }
  }
}
