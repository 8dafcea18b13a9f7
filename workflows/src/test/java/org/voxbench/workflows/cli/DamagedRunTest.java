package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.RunFiles;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.run.RunBench;
import picocli.CommandLine;

/** A home folder without an index, in which one run cannot be read. */
class DamagedRunTest {

  @TempDir private Path folder = Path.of("");
  private Home home = new Home(Path.of(""));
  private Path damaged = Path.of("");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void threeRuns() throws IOException {
    RunBench bench = new RunBench(folder.resolve("home"));
    for (int i = 1; i <= 3; i++) {
      bench.lifecycle().begin(bench.queued(i));
      bench.lifecycle().succeed("demo-" + i);
    }
    home = bench.home();
    damaged = home.run("demo-2").resolve("run.json");
  }

  private Outcome voxbench(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = command.execute(words);
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void runsWithoutAnIndexAreListedAndCounted() {
    assertThat(home.root().resolve("index.mv.db")).doesNotExist();

    Outcome list = voxbench("list", "--home", home.root().toString());
    assertThat(list.out()).contains("demo-1", "demo-2", "demo-3");
    Outcome status = voxbench("status", "--home", home.root().toString());
    assertThat(status.out()).contains("3 succeeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "not JSON", "{\"id\": \"demo-2\", \"state\": \"ODD\"}"})
  void oneDamagedRunLeavesTheOthersVisible(String content) throws IOException {
    Files.writeString(damaged, content);

    assertThat(RunFiles.all(home))
        .extracting(Run::id)
        .containsExactlyInAnyOrder("demo-1", "demo-3");
    Outcome list = voxbench("list", "--home", home.root().toString());
    assertThat(list.code()).isZero();
    assertThat(list.out()).contains("demo-1", "demo-3").doesNotContain("demo-2");
    assertThat(voxbench("status", "--home", home.root().toString()).out()).contains("2 succeeded");
    assertThat(voxbench("show", "demo-3", "--home", home.root().toString()).code()).isZero();
  }

  @Test
  void theDamagedRunItselfIsNamedWithItsFileAndTheCure() throws IOException {
    Files.writeString(damaged, "{\"id\": ");

    Outcome show = voxbench("show", "demo-2", "--home", home.root().toString());
    assertThat(show.code()).isEqualTo(2);
    assertThat(show.err()).contains(damaged.toString(), "from a backup", "move its folder");
  }

  @Test
  void nothingIsTakenForGarbageWhileNobodyKnowsWhatARunNeeds() throws IOException {
    Files.writeString(damaged, "");

    Outcome gc = voxbench("gc", "--home", home.root().toString());
    assertThat(gc.code()).isEqualTo(2);
    assertThat(gc.err()).contains(damaged.toString());
  }
}
