package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no YAML, or not the plain kind that is read. Line 8 is the first after SMALL. */
class SyntaxTest {

  private ConfigFolder folder = new ConfigFolder(Path.of(""));

  @BeforeEach
  void useAFreshFolder(@TempDir Path fresh) {
    folder = new ConfigFolder(fresh);
  }

  @Test
  void aMissingFileIsNamedWithItsNearestNeighbour() {
    folder.with("experiments/quickstart.yaml", SMALL);
    assertThat(folder.complaints("experiments/quikstart.yaml"))
        .containsExactly(
            "experiments/quikstart.yaml:1:1: expected a YAML file but found nothing"
                + " (did you mean experiments/quickstart.yaml?)");
    assertThat(folder.complaints("nowhere/e.yaml"))
        .containsExactly(
            "nowhere/e.yaml:1:1: expected a YAML file but found nothing"
                + " (the folder does not exist either)");
  }

  @Test
  void aFolderIsNoFile() {
    assertThat(folder.complaints(""))
        .containsExactly(".:1:1: expected a YAML file but found a folder");
  }

  @Test
  void anEmptyFileIsSaidToBeEmpty() {
    String message = "e.yaml:1:1: expected an experiment but found an empty file";
    assertThat(folder.complaintsAbout("")).containsExactly(message);
    assertThat(folder.complaintsAbout("# only a comment\n\n")).containsExactly(message);
    assertThat(folder.complaintsAbout("\uFEFF")).containsExactly(message);
  }

  @Test
  void aListOrAWordIsNoExperiment() {
    assertThat(folder.complaintsAbout("- a\n- b\n"))
        .containsExactly(
            "e.yaml:1:1: expected a mapping of keys but found the list [a, b] (write key: value)");
    assertThat(folder.complaintsAbout("\nhello"))
        .containsExactly(
            "e.yaml:2:1: expected a mapping of keys but found \"hello\" (write key: value)");
  }

  @Test
  void allTabsOfAFileAreShownAtOnce() {
    assertThat(folder.complaintsAbout(SMALL + "train:\n\tepochs: 3\n\tbatch: 2\n  \tkeep: 1\n"))
        .containsExactly(
            "e.yaml:9:1: expected spaces before a key but found a tab (indent with spaces only)",
            "e.yaml:10:1: expected spaces before a key but found a tab (indent with spaces only)",
            "e.yaml:11:3: expected spaces before a key but found a tab (indent with spaces only)");
  }

  @Test
  void duplicateKeysTellWhereTheFirstIsAndHideNothingElse() {
    assertThat(folder.complaintsAbout(SMALL + "seed: 1\nseed: 2\ntrain: {epochs: -1}\n"))
        .containsExactly(
            "e.yaml:9:1: seed: expected each key once but found it again, first at line 8"
                + " (remove one of the two)",
            "e.yaml:10:17: train.epochs: expected a whole number from 0 to 100000 but found -1");
  }

  @Test
  void brokenYamlIsExplained() {
    refused("seed: [1, 2\n", "e.yaml:9:1: expected ',' or ']' but found the end of the file");
    refused("train: {a: 1\n", "e.yaml:9:1: expected ',' or '}' but found the end of the file");
    refused(
        "seed: b: c\n",
        "e.yaml:8:8: expected one value after a key but found a second ':'"
            + " (put text with a ':' in quotes, or check the indentation)");
    refused(
        "seed: \"b\n",
        "e.yaml:9:1: expected a closing quote but found none (close the quoted text)");
    refused(
        "seed: @b\n",
        "e.yaml:8:7: expected a key or a value but found @ (put text that starts so in quotes)");
    refused("seed\n", "e.yaml:9:1: expected a ':' after the key but found none (write key: value)");
    refused(
        " seed: 1\n",
        "e.yaml:8:2: expected the indentation of the keys above but found another one"
            + " (indent the keys of one mapping by the same number of spaces)");
    refused(
        "---\nseed: 1\n",
        "e.yaml:8:1: expected one document but found a second one (remove the line ---)");
  }

  @Test
  void anchorsWorkWithinABudget() {
    Experiment experiment =
        folder
            .with("e.yaml", SMALL + "train:\n  epochs: &n 7\n  iterationsPerEpoch: *n\n")
            .read("e.yaml");
    assertThat(experiment.tree().at("/train/iterationsPerEpoch").asInt()).isEqualTo(7);
    refused("seed: *b\n", "e.yaml:8:7: expected an anchor &b before its alias but found *b");
  }

  @Test
  void aBombOfAliasesIsStoppedBeforeItGoesOff() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(folder.complaintsAbout(bomb.toString()))
        .singleElement()
        .asString()
        .matches(
            "e\\.yaml:\\d+:\\d+: expected at most 20000 values, 40 levels and 2 MiB of text but"
                + " found more"
                + " \\(write the values out without aliases\\)");
    String longText = "a: &a \"%s\"\nb: [%s]\n".formatted("x".repeat(500_000), "*a,".repeat(9_000));
    assertThat(folder.complaintsAbout(longText))
        .singleElement()
        .asString()
        .startsWith("e.yaml:1:4: expected at most");
    assertThat(folder.complaintsAbout("a: &a [*a]\n"))
        .containsExactly(
            "e.yaml:1:4: expected at most 20000 values, 40 levels and 2 MiB of text but"
                + " found more"
                + " (write the values out without aliases)");
  }

  @Test
  void bottomlessNestingIsRefused() {
    assertThat(folder.complaintsAbout("[".repeat(100_000)))
        .containsExactly(
            "e.yaml:1:1: expected at most 40 levels but found more (is a bracket left open?)");
  }

  @Test
  void aHugeFileIsNotRead() {
    assertThat(folder.complaintsAbout(SMALL + "#" + "y".repeat(2 << 20)))
        .containsExactly("e.yaml:1:1: expected at most 1 MiB of YAML but found more");
  }

  @Test
  void onlyPlainDataIsTaken() {
    refused(
        "seed: !!java.net.URL [x]\n",
        "e.yaml:8:7: expected a plain value but found the tag tag:yaml.org,2002:java.net.URL"
            + " (remove the tag)");
    refused(
        "seed: !mine 3\n",
        "e.yaml:8:7: seed: expected a plain value but found the tag !mine (remove the tag)");
    refused(
        "<<: {seed: 1}\n",
        "e.yaml:8:1: expected a word as key but found something else"
            + " (write each key and value out)");
    refused(
        "seed: 99999999999999999999\n",
        "e.yaml:8:7: seed: expected a finite number within 64 bits but found 99999999999999999999");
    refused(
        "train: {foreground: .nan}\n",
        "e.yaml:8:21: train.foreground: expected a finite number within 64 bits but found .nan");
  }

  @Test
  void bytesThatAreNoTextHaveAPlace() {
    assertThat(
            folder
                .with("e.yaml", new byte[] {'a', ':', '\n', ' ', (byte) 0xff})
                .complaints("e.yaml"))
        .containsExactly(
            "e.yaml:2:2: expected UTF-8 text but found the byte 0xFF (save the file as UTF-8)");
    refused(
        "seed: \u0007\n",
        "e.yaml:8:7: expected printable text but found the character U+0007"
            + " (save the file as plain UTF-8 text)");
  }

  @Test
  void wordsMeanWhatTheyLookLike() {
    Experiment experiment =
        folder
            .with(
                "e.yaml",
                SMALL.replace("liver", "no").replace("[a]", "[\"0012\"]")
                    + "seed: 010\ntrain: {epochs: 1e3, gradientClip: 12.0}\n")
            .read("e.yaml");
    assertThat(experiment.seed()).isEqualTo(10);
    assertThat(experiment.tree().at("/dataset/labels/1").textValue()).isEqualTo("no");
    assertThat(experiment.tree().at("/train/epochs").isIntegralNumber()).isTrue();
    assertThat(experiment.tree().at("/train/epochs").asInt()).isEqualTo(1000);
  }

  private void refused(String more, String message) {
    assertThat(folder.complaintsAbout(SMALL + more)).containsExactly(message);
  }

  @Test
  void controlCharactersOfAFileNeverReachTheTerminal() {
    refused(
        "\"se\\e[31med\\n\": 1\n",
        "e.yaml:8:1: se\\u001b[31med\\u000a: expected a known key but found"
            + " se\\u001b[31med\\u000a (known keys: extends, name, seed, dataset, preprocess, train,"
            + " checkpoint, evaluate, tracking, resources, retries)");
  }

  @Test
  void monstrousKeysAndPatternsCostNothing() {
    String monster = "k".repeat(900_000);
    assertThat(folder.complaintsAbout(SMALL + "? " + monster + "\n: 1\n"))
        .singleElement()
        .asString()
        .contains("expected a known key but found kkkk")
        .hasSizeLessThan(400);
    String brackets = "(".repeat(100_000);
    assertThat(
            folder.complaintsAbout(
                SMALL.replace("  split", "  patient: " + brackets + "\n  split")))
        .singleElement()
        .asString()
        .startsWith("e.yaml:6:12: dataset.patient: expected text such as ^(patient[0-9]+)_ but");
    assertThat(folder.complaintsAbout(SMALL, "a.".repeat(50_000) + "a=1"))
        .singleElement()
        .asString()
        .contains("expected a setting of the experiment but found an unknown path");
  }
}
