package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.Fingerprint;
import org.voxbench.workflows.run.Manifest;
import org.voxbench.workflows.run.Store;

class ExplainCommandTest {

  private static final String REASON =
      "3 of 4 cases are prepared again (a, b, c): spacing [3.0, 1.0, 1.0] mm -> spacing [2.5, 1.0,"
          + " 1.0] mm";

  @TempDir private Path folder = Path.of("set by JUnit");

  private final Fingerprint fingerprint =
      new Fingerprint(StepName.PREPROCESS, 1, Json.MAPPER.createObjectNode(), Map.of());

  private StepRun running(StepRun step) {
    return step.decided(false, "content of download differs", fingerprint.digest())
        .become(RunState.RUNNING, null)
        .numbered(1);
  }

  private String explained(Home home, Run run) throws IOException {
    Files.writeString(
        Files.createDirectories(home.run(run.id())).resolve("run.json"),
        Json.MAPPER.writeValueAsString(run));
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("explain", run.id(), "--home", folder.toString());
    assertThat(code).isZero();
    return out.toString();
  }

  private static void tell(Path product) throws IOException {
    String note = Json.MAPPER.writeValueAsString(new Event.Note(1, REASON));
    Files.writeString(Files.createDirectories(product).resolve("events.jsonl"), note + "\n");
  }

  @Test
  void whyCasesArePreparedAgainIsToldWhilePreprocessRuns() throws IOException {
    Home home = new Home(folder).prepared();
    Run run =
        Run.queued(home.claimRunId("demo"), "demo", Instant.EPOCH)
            .with(StepName.PREPROCESS, this::running);
    tell(AttemptFolder.of(home, run.id(), StepName.PREPROCESS, 1).product());

    assertThat(explained(home, run))
        .containsSubsequence("preprocess  miss, content of download differs", REASON, "train");
  }

  @Test
  void whyCasesArePreparedAgainIsToldAfterTheOutputMovedIntoTheStore() throws IOException {
    Home home = new Home(folder).prepared();
    Run run =
        Run.queued(home.claimRunId("demo"), "demo", Instant.EPOCH)
            .with(StepName.PREPROCESS, step -> running(step).become(RunState.SUCCEEDED, null));
    Path output = new Store(home.store()).output(StepName.PREPROCESS, fingerprint.digest());
    Path product = Objects.requireNonNull(Files.createDirectories(output).getParent());
    Manifest manifest = new Manifest(run.id(), fingerprint, List.of(), Map.of(), List.of());
    Files.writeString(product.resolve("manifest.json"), Json.MAPPER.writeValueAsString(manifest));
    tell(product);

    assertThat(explained(home, run)).contains("preprocess  miss").contains(REASON);
  }
}
