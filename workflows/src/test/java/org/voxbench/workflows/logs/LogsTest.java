package org.voxbench.workflows.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;

class LogsTest {

  private static final Logger LOG = LoggerFactory.getLogger(LogsTest.class);

  @Test
  void whatIsLoggedAboutARunIsKeptAsJsonWithRunStepAndAttempt(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("log.jsonl");
    try (Closeable kept =
        Logs.keep(run -> folder.resolve(run.equals("a-1") ? "log.jsonl" : "x/y"))) {
      assertThat(kept).isNotNull();
      Logs.begin("a-1", StepName.TRAIN);
      Logs.attempt(2);
      LOG.info("loss {}", 0.5, new IllegalStateException("with a\nline end"));
      Logs.end();
      LOG.info("about nothing");
      Logs.about("gone-1", () -> LOG.info("about a run without a folder"));
    }
    Logs.about("a-1", () -> LOG.info("after the end"));

    JsonNode line = Json.MAPPER.readTree(Files.readString(file));
    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(line.path("run").asText()).isEqualTo("a-1");
    assertThat(line.path("step").asText()).isEqualTo("train");
    assertThat(line.path("attempt").asText()).isEqualTo("2");
    assertThat(line.path("level").asText()).isEqualTo("INFO");
    assertThat(line.path("message").asText()).isEqualTo("loss 0.5");
    assertThat(line.path("error").asText()).contains("IllegalStateException: with a");
    assertThat(java.time.Instant.parse(line.path("time").asText())).isNotNull();
  }
}
