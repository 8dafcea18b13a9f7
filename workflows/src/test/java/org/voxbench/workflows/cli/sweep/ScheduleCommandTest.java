package org.voxbench.workflows.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.cli.Main;
import picocli.CommandLine;

class ScheduleCommandTest {

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out, String err) {}

  private Outcome schedule(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> words = new ArrayList<>(List.of("schedule"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--home", folder.resolve("home").toString()));
    int code = command.execute(words.toArray(new String[0]));
    return new Outcome(code, out.toString(), err.toString());
  }

  private String sweep(String schedule) throws IOException {
    Path file = folder.resolve("s.yaml");
    Path experiment =
        Path.of("..", "configs", "experiments", "quickstart.yaml").toAbsolutePath().normalize();
    Files.writeString(
        file, "name: weekly\nexperiment: " + experiment + "\nschedule: " + schedule + "\n");
    return file.toString();
  }

  @Test
  void aScheduleIsAddedHeldTriggeredAndRemovedWithoutACoordinator() throws IOException {
    String file = sweep("{cron: \"0 0 3 ? * SUN\", zone: Europe/Berlin}");

    assertThat(schedule("list").out()).contains("no schedule yet");
    assertThat(schedule("add", file).out()).contains("weekly: next ", "start voxbench serve");
    assertThat(schedule("next", "weekly", "-n", "3").out().lines())
        .hasSize(3)
        .allMatch(line -> line.contains("T03:00") && line.endsWith("[Europe/Berlin]"));
    assertThat(schedule("pause", "weekly").out()).contains("paused");
    assertThat(schedule("list").out()).contains("paused");
    assertThat(schedule("resume", "weekly").out()).contains("active");
    assertThat(schedule("trigger", "weekly").out()).contains("sweep weekly-1");
    assertThat(schedule("remove", "weekly").out()).contains("removed; its sweeps stay");
    assertThat(schedule("list").out()).contains("no schedule yet");
  }

  @Test
  void aCronThatNeverFiresIsRefused() throws IOException {
    Outcome outcome = schedule("add", sweep("{cron: \"0 0 0 30 2 ?\", zone: UTC}"));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("0 0 0 30 2 ?", "never");
    assertThat(schedule("list").out()).contains("no schedule yet");
  }

  @Test
  void anUnknownScheduleIsNamedWithThoseThereAre() throws IOException {
    schedule("add", sweep("{cron: \"0 0 3 ? * SUN\", zone: UTC}"));

    for (String command : List.of("remove", "pause", "resume", "trigger", "next")) {
      Outcome outcome = schedule(command, "wekly");
      assertThat(outcome.code()).as(command).isEqualTo(2);
      assertThat(outcome.err()).as(command).contains("\"wekly\"", "There are: weekly");
    }
  }

  @Test
  void theKeyOfItsAlertsIsThereAsSoonAsAScheduleWithAWebhookIs() throws IOException {
    Path key = folder.resolve("home/webhook.key");
    String plain = sweep("{cron: \"0 0 3 ? * SUN\", zone: UTC}");
    assertThat(schedule("add", plain).out()).doesNotContain("signed");
    assertThat(key).doesNotExist();

    String told = sweep("{cron: \"0 0 3 ? * SUN\", zone: UTC, webhook: \"https://example.org/h\"}");
    String said = schedule("add", told).out();
    String secret = Files.readString(key);
    assertThat(said).contains("https://example.org/h are signed with " + key);
    assertThat(said).doesNotContain(secret);
    assertThat(secret).matches("[0-9a-f]{64}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");

    schedule("add", told);
    assertThat(key).hasContent(secret);
  }
}
