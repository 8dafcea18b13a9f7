package org.voxbench.workflows.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

/**
 * What a run logged is loaded by MLflow's Python client: the champion with {@code
 * mlflow.pytorch.load_model}, whose weights are the same bits and whose prediction is that of Java;
 * the scores by case with {@code mlflow.load_table}. Name a Python that has mlflow and torch in
 * {@code VOXBENCH_MLFLOW_TORCH_PYTHON}.
 */
@Tag("conformance")
@Timeout(600)
class ModelsInPythonTest {

  @Test
  void theChampionPredictsInPythonWhatItPredictsInJava(@TempDir Path folder) throws Exception {
    String python = System.getenv().getOrDefault("VOXBENCH_MLFLOW_TORCH_PYTHON", "");
    assumeTrue(
        !python.isEmpty(),
        "skipped: set VOXBENCH_MLFLOW_TORCH_PYTHON to a Python that has mlflow and torch");
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    AccessToken token = AccessToken.of(Files.createDirectories(folder.resolve("server")));
    TrackingApi api =
        new TrackingApi(database, folder.resolve("artifacts"), InstantSource.system());
    try (WebServer server =
        WebServer.start(WebServer.Listen.loopback(0), token, List.of(api::mount))) {
      Path experiment = copy("tiny.yaml", folder);
      Path home = folder.resolve("home");
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String run =
          run(
              server,
              token,
              List.of(
                  java,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Launcher.MAIN,
                  "run",
                  experiment.toString(),
                  "--home",
                  home.toString()));
      assertThat(run).contains("run tiny-1 succeeded");
      String script = copy("load_champion.py", folder).toString();
      String patch = copy("PredictPatch.java", folder).toString();
      String classes = System.getProperty("java.class.path");
      assertThat(run(server, token, List.of(python, script, home.toString(), java, classes, patch)))
          .contains("champion loaded");
    }
  }

  private Path copy(String name, Path folder) throws IOException {
    try (InputStream source = getClass().getResourceAsStream(name)) {
      Path file = folder.resolve(name);
      Files.copy(Objects.requireNonNull(source), file);
      return file;
    }
  }

  private static String run(WebServer server, AccessToken token, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MLFLOW_TRACKING_URI", server.address().toString());
    builder.environment().put("MLFLOW_TRACKING_TOKEN", token.value());
    builder.environment().put("OPT_OUT_TRACKING", "true");
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroy();
    }
  }
}
