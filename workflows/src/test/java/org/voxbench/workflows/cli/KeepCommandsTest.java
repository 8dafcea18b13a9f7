package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.Fingerprint;
import org.voxbench.workflows.run.Manifest;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine;

/** gc, pin, export, import and backup, with and without a coordinator on the home folder. */
@SuppressWarnings("try") // a coordinator serves while its block lasts
class KeepCommandsTest {

  private static final String USED = "a".repeat(64);

  @TempDir private Path folder = Path.of("");
  private Home home = new Home(Path.of(""));

  private record Outcome(int code, String out, String err) {}

  private Outcome voxbench(String... arguments) {
    return voxbench(home, arguments);
  }

  private static Outcome voxbench(Home home, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> words = new java.util.ArrayList<>(List.of(arguments));
    words.addAll(List.of("--home", home.root().toString()));
    int code = command.execute(words.toArray(new String[0]));
    return new Outcome(code, out.toString(), err.toString());
  }

  private static Application serve(Home home) throws IOException {
    return Application.open(
        home,
        new Settings(
            Launcher.MAIN,
            Listen.loopback(0),
            new Interruption(),
            AtShutdown.WAITS,
            SlotOptions.DEFAULT));
  }

  @BeforeEach
  void twoOutputsOneOfThemNamed() throws IOException {
    home = new Home(folder.resolve("home")).prepared();
    output(USED.substring(0, 16));
    output("b".repeat(16));
    Run run =
        Run.queued("demo-1", "demo", InstantSource.system().instant())
            .with(
                StepName.TRAIN,
                s ->
                    s.become(RunState.RUNNING, null)
                        .decided(false, "new", USED)
                        .become(RunState.SUCCEEDED, null))
            .become(RunState.RUNNING, null, null)
            .become(
                RunState.SUCCEEDED, InstantSource.system().instant().minusSeconds(90_000), null);
    Files.createDirectories(home.run("demo-1"));
    Files.write(home.run("demo-1").resolve("run.json"), Json.MAPPER.writeValueAsBytes(run));
  }

  private Path output(String name) throws IOException {
    Path output = home.store().resolve("train").resolve(name);
    Files.createDirectories(output.resolve("output"));
    Files.writeString(output.resolve("output/out.txt"), name);
    Fingerprint fingerprint = new Fingerprint(StepName.TRAIN, 1, NullNode.instance, Map.of());
    Manifest manifest = new Manifest("demo-1", fingerprint, List.of(), Map.of(), List.of());
    Files.write(output.resolve("manifest.json"), Json.MAPPER.writeValueAsBytes(manifest));
    Files.setLastModifiedTime(
        output, FileTime.from(InstantSource.system().instant().minus(Duration.ofHours(2))));
    return output;
  }

  private List<String> outputs() throws IOException {
    try (Stream<Path> outputs = Files.list(home.store().resolve("train"))) {
      return outputs.map(o -> o.getFileName().toString().substring(0, 1)).sorted().toList();
    }
  }

  @Test
  void whileACoordinatorServesItClearsUp() throws IOException {
    try (Application serving = serve(home)) {
      Outcome dry = voxbench("gc", "--dry-run");
      assertThat(dry.out()).contains("would remove 0 MiB in 1 folders");
      assertThat(outputs()).containsExactly("a", "b");

      Outcome outcome = voxbench("gc");

      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("no run names this output", "removed 0 MiB in 1 folders");
      assertThat(outputs()).containsExactly("a");
    }
  }

  @Test
  void withoutACoordinatorItIsTheSame() throws IOException {
    assertThat(voxbench("gc").out()).contains("removed 0 MiB in 1 folders");
    assertThat(outputs()).containsExactly("a");
  }

  @Test
  void aRunThatIsPinnedWhileACoordinatorServesOutlivesTheAgeOfRuns() throws IOException {
    try (Application serving = serve(home)) {
      assertThat(voxbench("pin", "demo-1").out()).contains("demo-1: pinned");
      assertThat(voxbench("gc", "--runs-older-than", "1").out()).doesNotContain("run demo-1");

      assertThat(voxbench("pin", "demo-1", "--remove").out()).contains("no longer pinned");
      assertThat(voxbench("gc", "--runs-older-than", "1").out()).contains("removed run demo-1");

      assertThat(voxbench("list", "--json").out()).doesNotContain("demo-1");
      assertThat(home.run("demo-1")).doesNotExist();
      assertThat(outputs()).isEmpty();
    }
  }

  @Test
  void aRunThatIsNotThereIsNamedByTheCoordinatorToo() throws IOException {
    Path file = folder.resolve("other.zip");
    try (Application serving = serve(home)) {
      for (Outcome outcome :
          List.of(voxbench("pin", "demo-7"), voxbench("export", "demo-7", file.toString()))) {
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("demo-7");
      }
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.{zip,part}");
  }

  @Test
  void aRunTravelsBetweenHomesThatAreServed() throws IOException {
    Path file = folder.resolve("run.zip");
    try (Application serving = serve(home)) {
      Outcome outcome = voxbench("export", "demo-1", file.toString());
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(voxbench("export", "demo-1", file.toString()).err())
          .contains("expected no such file but there is one");
    }
    Home other = new Home(folder.resolve("other")).prepared();
    try (Application serving = serve(other)) {
      Outcome outcome = voxbench(other, "import", file.toString());
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out()).contains("voxbench show demo-1 --home " + other.root());
      assertThat(voxbench(other, "list", "--json").out()).contains("demo-1");
    }
  }

  @Test
  void aBackupIsTakenWhileACoordinatorServes() throws IOException {
    Path file = folder.resolve("backup.zip");
    try (Application serving = serve(home)) {
      Outcome outcome = voxbench("backup", file.toString());
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(voxbench("backup", folder.resolve("none/backup.zip").toString()).err())
          .contains("expected a file in a folder that exists");
    }
    Home other = new Home(folder.resolve("other")).prepared();

    assertThat(voxbench(other, "restore", file.toString()).out()).contains("1 runs restored");
    assertThat(other.store().resolve("train").resolve("b".repeat(16))).isDirectory();
    assertThat(Files.readString(home.root().resolve("token")))
        .isNotEqualTo(
            Files.exists(other.root().resolve("token"))
                ? Files.readString(other.root().resolve("token"))
                : "none");
  }

  @Test
  void twoCoordinatorsOnOneHomeAreOneTooMany() throws IOException {
    try (Application serving = serve(home)) {
      Outcome outcome = voxbench("serve", "--port", "0");

      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err())
          .contains(
              home.root().toString(),
              "is held by another voxbench",
              serving.address().toString(),
              "--home DIR");
    }
  }

  @Test
  void aDamagedIndexIsNamedWithTheCureAndTheCureHelps() throws IOException {
    try (Application serving = serve(home)) {
      assertThat(home.root().resolve("index.mv.db")).exists();
    }
    Files.write(home.root().resolve("index.mv.db"), new byte[20_000]);

    Outcome outcome = voxbench("serve", "--port", "0");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("index.mv.db is damaged", "No run is lost", "voxbench reindex --home");

    assertThat(voxbench("reindex").code()).isZero();
    assertThat(voxbench("list").out()).contains("demo-1");
    assertThat(folder.resolve("home")).isDirectoryContaining("glob:**index*damaged*");
  }
}
