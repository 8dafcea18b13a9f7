package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritanceTest {

  @TempDir private Path temporary = Path.of("");
  private ConfigFolder folder;

  @BeforeEach
  void openFolder() {
    folder = new ConfigFolder(temporary).with("base.yaml", ConfigFolder.SMALL + "seed: 7\n");
  }

  @Test
  void whatAFileSaysWinsAndTheRestIsInherited() {
    folder.with("e.yaml", "extends: base.yaml\nname: child\ntrain: {epochs: 3}\n");

    Experiment experiment = folder.read("e.yaml");

    assertThat(experiment.name()).isEqualTo("child");
    assertThat(experiment.seed()).isEqualTo(7);
    assertThat(experiment.dataset()).isEqualTo("phantom");
    assertThat(experiment.tree().at("/train/epochs").asInt()).isEqualTo(3);
  }

  @Test
  void ofSeveralTheLaterWins() {
    folder
        .with("more.yaml", "seed: 8\n")
        .with("e.yaml", "extends: [base.yaml, more.yaml]\nname: child\n");

    assertThat(folder.read("e.yaml").seed()).isEqualTo(8);
  }

  @Test
  void aMappingOfAnotherKindReplacesTheInheritedOne() {
    folder.with("e.yaml", "extends: base.yaml\ndataset: {source: {kind: folder, path: data}}\n");

    Experiment experiment = folder.read("e.yaml");

    assertThat(experiment.tree().at("/dataset/source/anatomy").isMissingNode()).isTrue();
    assertThat(experiment.tree().at("/dataset/source/path").asText())
        .isEqualTo(temporary.resolve("data").toString());
  }

  @Test
  void aPathIsSeenFromTheFileThatHoldsIt() {
    folder
        .with(
            "below/base.yaml",
            ConfigFolder.SMALL.replace(
                "{kind: phantom, anatomy: ct-abdomen}", "{kind: folder, path: data}"))
        .with("e.yaml", "extends: below/base.yaml\n");

    assertThat(folder.read("e.yaml").tree().at("/dataset/source/path").asText())
        .isEqualTo(temporary.resolve("below/data").toString());
  }

  @Test
  void aCycleIsNamedFromEndToEnd() {
    folder.with("a.yaml", "extends: b.yaml\n").with("b.yaml", "extends: a.yaml\n");

    assertThat(folder.complaints("a.yaml"))
        .containsExactly(
            "b.yaml:1:10: extends: expected a file that does not extend itself but found a cycle:"
                + " a.yaml -> b.yaml -> a.yaml (break it)");
  }

  @Test
  void aFileThatIsNotThereIsNamedWhereItIsAskedFor() {
    folder.with("e.yaml", "name: x\nextends: none.yaml\n");

    assertThat(folder.complaints("e.yaml")).singleElement().asString().contains("none.yaml");
  }

  @Test
  void anEnvironmentVariableThatIsNotSetIsNamedWithTheCure() {
    assertThat(folder.complaintsAbout(ConfigFolder.SMALL + "seed: ${env:VOXBENCH_NO_SUCH}\n"))
        .anySatisfy(
            complaint ->
                assertThat(complaint)
                    .contains("e.yaml:8:7")
                    .contains("VOXBENCH_NO_SUCH")
                    .contains("export"));
  }

  @Test
  void aDefaultStandsInForAVariableAndKeepsItsType() {
    folder.with("e.yaml", ConfigFolder.SMALL + "seed: ${env:VOXBENCH_NO_SUCH:-12}\n");

    assertThat(folder.read("e.yaml").seed()).isEqualTo(12);
  }
}
