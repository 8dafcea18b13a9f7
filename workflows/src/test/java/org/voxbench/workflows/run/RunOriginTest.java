package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Run;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.shipping.Provenance;

/** A run on a tracking server says where it comes from and on what it was computed. */
class RunOriginTest {

  @TempDir private Path folder = Path.of("");

  private static void git(Path tree, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", tree.toString()));
    command.addAll(List.of("-c", "user.name=a", "-c", "user.email=a@b", "-c", "gc.auto=0"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static boolean hasGit() throws InterruptedException {
    try {
      Process git = new ProcessBuilder("git", "--version").start();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0;
    } catch (IOException none) {
      return false;
    }
  }

  private Path experiment(Path tree) throws Exception {
    Files.createDirectories(tree.resolve("experiments"));
    Path file = Files.writeString(tree.resolve("experiments/a.yaml"), "seed: 1\n");
    git(tree, "init", "-q", "-b", "trunk");
    git(tree, "add", "-A");
    git(tree, "commit", "-q", "-m", "first");
    git(tree, "remote", "add", "origin", "https://me:secret@example.org/lab.git");
    return file;
  }

  @Test
  void theStateOfTheGitTreeOfTheExperimentIsToldWithItsChangesAndWithoutSecrets() throws Exception {
    assumeTrue(hasGit(), "skipped: there is no git here");
    Path file = experiment(folder.resolve("lab"));
    RunBench bench = new RunBench(folder.resolve("home"));
    String clean = bench.queued(1);
    Provenance.keep(bench.home.run(clean), file);
    Files.writeString(file, "seed: 2\n");
    String dirty = bench.queued(2);
    Provenance.keep(bench.home.run(dirty), file);
    bench.work(clean);
    bench.work(dirty);
    try (Shipping shipping = new Shipping(bench)) {
      shipping.ship();
      Run run = shipping.run("demo", clean);
      assertThat(Shipping.tag(run, "mlflow.source.git.commit")).matches("[0-9a-f]{40}");
      assertThat(Shipping.tag(run, "mlflow.source.git.branch")).isEqualTo("trunk");
      assertThat(Shipping.tag(run, "mlflow.source.git.dirty")).isEqualTo("false");
      assertThat(Shipping.tag(run, "mlflow.source.git.repoURL"))
          .isEqualTo("https://example.org/lab.git");
      assertThat(Shipping.tag(run, "mlflow.source.name")).isEqualTo("experiments/a.yaml");
      assertThat(Shipping.tag(run, "mlflow.user")).isEqualTo(System.getProperty("user.name"));
      assertThat(bench.home.run(clean).resolve("source.patch")).doesNotExist();

      Run changed = shipping.run("demo", dirty);
      assertThat(Shipping.tag(changed, "mlflow.source.git.dirty")).isEqualTo("true");
      assertThat(shipping.artifacts(changed, "config"))
          .contains("config/source.patch", "config/provenance.json");
      assertThat(bench.home.run(dirty).resolve("source.patch"))
          .content()
          .contains("-seed: 1", "+seed: 2");
    }
  }

  @Test
  void ofHugeChangesTheFirstFourMebibytesAreKept() throws Exception {
    assumeTrue(hasGit(), "skipped: there is no git here");
    Path file = experiment(folder.resolve("lab"));
    Files.writeString(file, ("seed: 2 # " + "x".repeat(1000) + "\n").repeat(5_000));
    Path run = Files.createDirectories(folder.resolve("run"));
    Provenance.keep(run, file);
    String patch = Files.readString(run.resolve("source.patch"));
    assertThat(patch).startsWith("diff --git").contains("-seed: 1").endsWith("[cut after 4 MiB]\n");
    assertThat(patch.length()).isBetween(4 << 20, (4 << 20) + 100);
  }

  @Test
  void anExperimentOutsideOfGitIsToldByItsFileNameAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "seed: 1\n");
    RunBench bench = new RunBench(folder.resolve("home"));
    String id = bench.queued(1);
    Provenance.keep(bench.home.run(id), file);
    bench.work(id);
    try (Shipping shipping = new Shipping(bench)) {
      shipping.ship();
      Run run = shipping.run("demo", id);
      assertThat(Shipping.tag(run, "mlflow.source.name")).isEqualTo("a.yaml");
      assertThat(Shipping.tag(run, "mlflow.source.git.commit")).isEmpty();
    }
  }

  @Test
  void theMachineIsToldAndItsNameIsNot() throws Exception {
    RunBench bench = new RunBench(folder);
    String id = bench.queued(1);
    // As the process of a worker does.
    AttemptFolder attempt = AttemptFolder.of(bench.home, id, StepName.TRAIN, 1);
    bench.steps.before =
        context -> SystemSampler.beside(attempt, 1, InstantSource.system()).close();
    bench.work(id);
    try (Shipping shipping = new Shipping(bench)) {
      shipping.ship();
      Run run = shipping.run("demo", id);
      assertThat(Shipping.tag(run, "voxbench.java")).isEqualTo(System.getProperty("java.version"));
      assertThat(Shipping.tag(run, "voxbench.memory")).matches("[1-9]\\d* MiB");
      assertThat(Shipping.tag(run, "voxbench.processors"))
          .isEqualTo(Integer.toString(Runtime.getRuntime().availableProcessors()));
      assertThat(Shipping.tag(run, "voxbench.cpu")).isNotEmpty();
      assertThat(Shipping.tag(run, "voxbench.host")).isEmpty();
    }
  }

  @Test
  void theMachinesNameIsToldOnlyWhereTheUserWantsIt() {
    String asked = "VOXBENCH_TRACKING_HOSTNAME";
    assertThat(MachineFacts.gather(Map.of(asked, "true"), 1).path("host").asText())
        .isEqualTo(WorkerProcess.HERE)
        .isNotEmpty();
    assertThat(MachineFacts.gather(Map.of(), 1).has("host")).isFalse();
    assertThat(MachineFacts.gather(Map.of(asked, "yes"), 1).has("host")).isFalse();
  }
}
