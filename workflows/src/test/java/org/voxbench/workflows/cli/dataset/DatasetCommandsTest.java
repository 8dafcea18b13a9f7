package org.voxbench.workflows.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.Main;
import org.voxbench.workflows.cli.shared.CommandListener;
import picocli.CommandLine;

/** The commands about datasets, on phantoms and on damaged copies of them. */
class DatasetCommandsTest {

  @TempDir private Path folder = Path.of("set by JUnit");
  private Path yaml = Path.of("");

  private record Outcome(int code, String out, String err) {
    JsonNode json() throws IOException {
      return Json.MAPPER.readTree(out);
    }
  }

  private Outcome voxbench(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words =
        Stream.concat(
                Stream.of(arguments).map(Object::toString),
                Stream.of("--home", folder.resolve("home").toString()))
            .toArray(String[]::new);
    return new Outcome(command.execute(words), out.toString(), err.toString());
  }

  @BeforeEach
  void declareTwoPatients() throws IOException {
    yaml = declare("chest", 2, 5);
  }

  private Path declare(String name, int cases, int seed) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        modalities: [CT]
        labels: {1: cancer}
        split: {kind: listed, validation: [phantom_002]}
        source: {kind: phantom, anatomy: ct-chest, cases: %d, seed: %d}
        """
            .formatted(name, cases, seed));
  }

  /** The phantoms as files of the user's own, the layout's root. */
  private Path files() throws IOException {
    Path root = folder.resolve("files");
    try (RawScans scans =
        new RawScans(
            new Home(folder.resolve("home")),
            new CommandListener(new PrintWriter(new StringWriter())),
            () -> false)) {
      Path made = scans.folder(DatasetArgument.of(yaml, List.of()));
      try (Stream<Path> all = Files.walk(made)) {
        for (Path path : all.toList()) {
          Path target = root.resolve(made.relativize(path).toString());
          if (Files.isDirectory(path)) {
            Files.createDirectories(target);
          } else {
            Files.copy(path, target);
          }
        }
      }
    }
    return root;
  }

  private static Path task(Path root) {
    return root.resolve("DATASET_Phantom/unetr_pp_raw/unetr_pp_raw_data/Task90_Phantom");
  }

  @Test
  void aSoundDatasetIsCalledSoundAndNothingIsLeftBehind() {
    Outcome outcome = voxbench("check", yaml);

    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("chest (published UNETR++ raw layout): 2 cases")
        .contains("sound");
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void badScansAndTwinsAreNamedInJsonWithTheirRepairAndExitCode() throws IOException {
    Path root = files();
    Path images = task(root).resolve("imagesTr");
    Files.copy(
        images.resolve("phantom_001.nii.gz"),
        images.resolve("phantom_002.nii.gz"),
        StandardCopyOption.REPLACE_EXISTING);

    Outcome outcome =
        voxbench(
            "check", yaml, "--set", "dataset.source={kind: folder, path: " + root + "}", "--json");

    assertThat(outcome.code()).isEqualTo(1);
    JsonNode report = outcome.json();
    assertThat(report.path("sound").asBoolean()).isFalse();
    assertThat(report.at("/duplicates/0/cases").toString())
        .isEqualTo("[\"chest/phantom_001\",\"chest/phantom_002\"]");
    assertThat(report.at("/datasets/0/problems").toString())
        .contains("the same scan is on both sides");
    assertThat(report.at("/datasets/0/cases/1/verdict").asText()).isEqualTo("QUARANTINED");
    assertThat(report.at("/datasets/0/cases/1/findings/0/repair").asText()).isNotEmpty();
  }

  @Test
  void scansThatTwoDatasetsShareAreNamed() throws IOException {
    Path other = declare("other", 1, 5);

    Outcome outcome = voxbench("check", yaml, "--against", other);

    assertThat(outcome.out()).contains("same scan: chest/phantom_001 = other/phantom_001");
    assertThat(outcome.code()).as("the split of other names a case it lacks").isEqualTo(1);
    assertThat(outcome.out()).contains("no labelled case 'phantom_002'");
  }

  @Test
  void aRawFolderIsCheckedWithoutAnyYaml() throws IOException {
    Outcome outcome = voxbench("check", files());

    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("files (published UNETR++ raw layout): 2 cases, 0 quarantined");
  }

  @Test
  void wrongUsageIsToldApartFromBadData() throws IOException {
    assertThat(voxbench("check", folder.resolve("none.yaml")).code()).isEqualTo(2);
    assertThat(voxbench("check", folder.resolve("none.yaml")).err()).contains("none.yaml");
    Outcome settings =
        voxbench("check", Files.createDirectories(folder.resolve("raw")), "--set", "a=1");
    assertThat(settings.code()).isEqualTo(2);
    assertThat(settings.err()).contains("--set: expected a dataset or experiment file");
    Outcome manual =
        voxbench(
            "check",
            yaml,
            "--set",
            "dataset.source={kind: manual, path: gone, instructions: Ask Ann}");
    assertThat(manual.code()).isEqualTo(1);
    assertThat(manual.err()).contains("has to be fetched by you").contains("Ask Ann");
    Outcome empty = voxbench("check", folder.resolve("raw"));
    assertThat(empty.code()).isEqualTo(1);
    assertThat(empty.out()).contains("no dataset found; expected dataset.json beside imagesTr");
    Outcome none = voxbench("dataset", "plan", yaml, "--memory", "much");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--memory: expected a size such as 8 GiB but found much");
    Outcome nowhere = voxbench("dataset", "plan", yaml, "--out", folder.resolve("no/plan.yaml"));
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).contains("expected a file in an existing folder");
    assertThat(withoutHome("dataset").err()).contains("expected one of");
  }

  @Test
  void aPlanIsGivenBackAndDiffersFromNothing() throws IOException {
    Path plan = folder.resolve("plan.yaml");

    assertThat(voxbench("dataset", "plan", yaml, "--memory", "6 GiB", "--out", plan).code())
        .isZero();
    assertThat(Files.readString(plan)).startsWith("# Plan for chest").contains("patch: [");
    Outcome same = voxbench("dataset", "plan", yaml, "--memory", "6 GiB", "--diff", plan);
    assertThat(same.out().strip()).isEqualTo("no difference");
    Outcome smaller = voxbench("dataset", "plan", yaml, "--memory", "1 GiB", "--diff", plan);
    assertThat(smaller.out()).contains("network.patch: [");
    Path given =
        Files.writeString(
            folder.resolve("given.yaml"), Files.readString(yaml) + "plan: {file: plan.yaml}\n");
    assertThat(voxbench("dataset", "plan", yaml, "--memory", "6GiB", "--diff", given).out().strip())
        .isEqualTo("no difference");
    Outcome impossible = voxbench("dataset", "plan", yaml, "--memory", "300 MiB");
    assertThat(impossible.code()).isEqualTo(1);
    assertThat(impossible.err()).contains("use a device with more memory");
  }

  @Test
  void aFingerprintIsShownKeptAndCompared() throws IOException {
    Path kept = folder.resolve("kept.yaml");

    JsonNode shown = voxbench("dataset", "fingerprint", yaml, "--json").json();
    assertThat(shown.at("/scans/0/id").asText()).isEqualTo("phantom_001");
    assertThat(shown.at("/intensities/0/modality").asText()).isEqualTo("CT");
    assertThat(voxbench("dataset", "fingerprint", yaml, "--out", kept).out())
        .contains("written to");
    assertThat(voxbench("dataset", "fingerprint", yaml, "--diff", kept).out().strip())
        .isEqualTo("no difference");
    assertThat(voxbench("dataset", "fingerprint", yaml, "--diff", declare("third", 2, 9)).out())
        .contains("intensities[0].mean: ");
  }

  @Test
  void preprocessingIsMeasuredInProcessesOfItsOwn() throws IOException {
    Path task = task(files());
    Path image = task.resolve("imagesTr/phantom_001.nii.gz");

    Outcome measured =
        withoutHome("bench", "preprocess", "--image", image, "--label", label(task, 1), "--json");

    assertThat(measured.code()).as(measured.err()).isZero();
    for (String target : List.of("to_1_9", "to_1_5")) {
      assertThat(measured.json().path(target).path("seconds").asDouble()).isPositive();
      assertThat(measured.json().path(target).path("peak_bytes").asLong()).isGreaterThan(1 << 20);
    }
    assertThat(measured.json().path("read_seconds").asDouble()).isPositive();
    Outcome unlike =
        withoutHome("bench", "preprocess", "--image", image, "--label", label(task, 2), "--json");
    assertThat(unlike.code()).isEqualTo(2);
    assertThat(unlike.err()).contains("give a scan and its own labels");
  }

  private static Path label(Path task, int patient) {
    return task.resolve("labelsTr/phantom_00" + patient + ".nii.gz");
  }

  /** Without a home folder. */
  private static Outcome withoutHome(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
