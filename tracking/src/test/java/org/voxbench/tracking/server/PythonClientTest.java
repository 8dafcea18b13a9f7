package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow's Python client, where one is installed: name a Python that has it in {@code
 * VOXBENCH_MLFLOW_PYTHON}.
 */
@Tag("conformance")
@Timeout(300)
class PythonClientTest {

  @Test
  void thePythonClientFindsWhatItLogged(@TempDir Path folder) throws Exception {
    String python = System.getenv().getOrDefault("VOXBENCH_MLFLOW_PYTHON", "");
    assumeTrue(
        !python.isEmpty(), "skipped: set VOXBENCH_MLFLOW_PYTHON to a Python that has mlflow");
    Path script = folder.resolve("python_client.py");
    try (InputStream source = getClass().getResourceAsStream("python_client.py")) {
      Files.copy(Objects.requireNonNull(source), script);
    }
    try (TestServer server = new TestServer(folder.resolve("artifacts"))) {
      assertThat(run(folder, python, script.toString(), server.uri().toString()))
          .contains("checks passed");
    }
  }

  private static String run(Path folder, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
  }
}
