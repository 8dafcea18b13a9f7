package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.coordinator.CoordinatorLock;
import picocli.CommandLine;

class MainTest {

  private static final Path EXPERIMENTS = Path.of("..", "configs", "experiments");

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out, String err) {}

  private static Outcome voxbench(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int code = command.execute(words);
    return new Outcome(code, out.toString(), err.toString());
  }

  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream()
        .filter(command -> !command.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    Outcome help = voxbench(command, "--help");

    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Usage: voxbench " + command);
  }

  @ParameterizedTest
  @CsvSource({
    "--variant, vnet, expected one of [synapse",
    "--precision, int8, '--precision: expected one of [float32, bfloat16, float16, auto]'",
    "--device, tpu, '--device: expected one of [auto, cpu, cuda]'",
    "--repetitions, 4, --repetitions: expected at least 5 but was 4",
  })
  void aBenchThatCannotBeMeasuredIsWrongUsageAndStartsNothing(
      String option, String value, String told) {
    Outcome outcome = voxbench("bench", "model", option, value, "--home", folder);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(told);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anUnknownCommandIsWrongUsageAndTheNearestIsNamed() {
    Outcome outcome = voxbench("rum");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("rum").contains("run");
  }

  @Test
  void theShippedExperimentsAreValid() {
    for (String name : new String[] {"quickstart.yaml", "real-ct.yaml", "synapse.yaml"}) {
      assertThat(voxbench("validate", EXPERIMENTS.resolve(name)).code()).as(name).isZero();
    }
  }

  @Test
  void aMissingExperimentIsNamed() {
    Outcome outcome = voxbench("run", folder.resolve("none.yaml"), "--home", folder);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("none.yaml");
  }

  @Test
  void allProblemsOfAnExperimentAreToldAtOnceAndAsJson() throws IOException {
    Path file = folder.resolve("bad.yaml");
    String text = Files.readString(EXPERIMENTS.resolve("quickstart.yaml"));
    Files.writeString(
        file, text.replace("learningRate: 0.002", "learningRate: -1").replace("epochs:", "epoch:"));

    Outcome told = voxbench("validate", file);
    JsonNode json = Json.MAPPER.readTree(voxbench("validate", file, "--json").out());

    assertThat(told.code()).isEqualTo(2);
    assertThat(told.err()).contains("learningRate").contains("did you mean epochs");
    assertThat(json.path("valid").asBoolean()).isFalse();
    assertThat(json.path("problems")).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aPlanShowsEveryStepAndRunsNothing() throws IOException {
    Path home = folder.resolve("home");
    Outcome plan =
        voxbench("plan", EXPERIMENTS.resolve("quickstart.yaml"), "--home", home, "--json");

    JsonNode json = Json.MAPPER.readTree(plan.out());
    assertThat(json.path("steps")).hasSize(6);
    assertThat(json.path("steps").path(0).path("reason").asText())
        .isEqualTo("no earlier output of this step");
    assertThat(home).doesNotExist();
  }

  @Test
  void anUnknownRunIsAnsweredWithWhatToDo() {
    Outcome outcome = voxbench("show", "nothing-1", "--home", folder);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("nothing-1").contains("voxbench run FILE");
  }

  @Test
  void aHomeFolderThatCannotBeWrittenIsNamedWithTheCure() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "not a folder");

    Outcome outcome = voxbench("run", EXPERIMENTS.resolve("quickstart.yaml"), "--home", blocked);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("home folder " + blocked).contains("--home DIR");
  }

  @Test
  void aHomeFolderWithoutPermissionIsNamedWithTheCure() throws IOException, InterruptedException {
    Path blocked = Files.createDirectory(folder.resolve("blocked"));
    // Permissions do not bind root: it is given a read-only disk instead.
    boolean root = "root".equals(System.getProperty("user.name"));
    if (root) {
      assumeMounted(blocked);
    } else {
      Files.setPosixFilePermissions(blocked, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    try {
      Outcome outcome = voxbench("run", EXPERIMENTS.resolve("quickstart.yaml"), "--home", blocked);

      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err())
          .contains("home folder " + blocked + ": expected a folder that can be written to")
          .contains(root ? "Read-only file system" : "AccessDenied")
          .contains("Give another one with --home DIR, or mend its owner and permissions.");
      assertThat(blocked).isEmptyDirectory();
    } finally {
      if (root) {
        command("umount", blocked.toString());
      }
    }
  }

  private static void assumeMounted(Path folder) throws IOException, InterruptedException {
    int code = command("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", folder.toString());
    Assumptions.assumeTrue(code == 0, "root here may not mount a read-only disk");
  }

  private static int command(String... words) throws IOException, InterruptedException {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
  }

  @Test
  void aPortInUseIsNamedWithTheCure() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome =
          voxbench("serve", "--home", folder.resolve("home"), "--port", taken.getLocalPort());

      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err()).contains("port " + taken.getLocalPort()).contains("--port");
    }
  }

  @Test
  void anEmptyHomeListsNoRunsAndSaysHowToStart() {
    assertThat(voxbench("list", "--home", folder).out()).contains("voxbench run FILE");
    assertThat(voxbench("list", "--home", folder, "--json").out().strip()).isEqualTo("[]");
  }

  @Test
  void twoCoordinatorsCannotHoldOneHome() throws IOException {
    Home home = new Home(folder.resolve("home")).prepared();
    try (CoordinatorLock first = CoordinatorLock.tryTake(home).orElseThrow()) {
      assertThat(CoordinatorLock.tryTake(home)).isEmpty();
      assertThat(first.lock().isValid()).isTrue();
    }
  }
}
