package org.voxbench.workflows.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.ui.RunDetails.RunFile;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.FrozenExperiment;

class RunContentsTest {

  private static final String FINGERPRINT = "0123456789abcdef0123456789abcdef";

  @Test
  void equalKeysOfTwoStepsAreBothShown(@TempDir Path folder) throws IOException {
    Home home = new Home(folder).prepared();
    Run run = frozen(home);

    Map<String, String> params = new RunContents(home).params(run);

    assertThat(params)
        .containsEntry("train.patient", "id")
        .containsEntry("evaluate.patient", "name")
        .containsEntry("train.train.epochs", "4");
  }

  @Test
  void anExperimentIsReadOnceAndOneThatCannotBeReadIsAskedForAgain(@TempDir Path folder)
      throws IOException {
    Home home = new Home(folder).prepared();
    Run run = frozen(home);
    Path file = home.run(run.id()).resolve("experiment.json");
    byte[] sound = Files.readAllBytes(file);
    RunContents contents = new RunContents(home);
    Files.delete(file);

    assertThat(contents.params(run)).containsOnlyKeys("experiment.json");
    Files.write(file, sound);
    Map<String, String> params = contents.params(run);
    Files.delete(file);

    assertThat(params).hasSizeGreaterThan(2);
    assertThat(contents.params(run)).isEqualTo(params);
  }

  @Test
  void theFilesOfAFinishedStepAreListedOnceTheReportFirst(@TempDir Path folder) throws IOException {
    Home home = new Home(folder).prepared();
    Run queued = frozen(home);
    Run run =
        queued.with(
            StepName.REPORT,
            step ->
                step.decided(false, "new", FINGERPRINT)
                    .become(RunState.RUNNING, null)
                    .become(RunState.SUCCEEDED, null));
    Path output = Files.createDirectories(Outputs.output(run.step(StepName.REPORT), home));
    Files.writeString(output.resolve("a.csv"), "1");
    Files.writeString(output.resolve("report.html"), "22");
    RunContents contents = new RunContents(home);

    assertThat(contents.files(queued)).isEmpty();
    assertThat(contents.files(run))
        .extracting(RunFile::path)
        .containsExactly("report/report.html", "report/a.csv");
    Files.writeString(output.resolve("later.txt"), "published outputs never change");
    assertThat(contents.files(run)).hasSize(2);
  }

  private static Run frozen(Home home) throws IOException {
    JsonNode train = Json.MAPPER.readTree("{\"patient\": \"id\", \"train\": {\"epochs\": 4}}");
    JsonNode evaluate = Json.MAPPER.readTree("{\"patient\": \"name\"}");
    Run run = Run.queued(home.claimRunId("demo"), "demo", Instant.EPOCH);
    new FrozenExperiment(
            "demo",
            Map.of(StepName.TRAIN, train, StepName.EVALUATE, evaluate),
            new Resources(1, 1L << 30, "cpu"))
        .write(home.run(run.id()));
    return run;
  }
}
