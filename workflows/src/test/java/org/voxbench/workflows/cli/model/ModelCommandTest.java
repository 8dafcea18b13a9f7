package org.voxbench.workflows.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.Main;
import picocli.CommandLine;

class ModelCommandTest {

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out, String err) {}

  private static Outcome model(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 1];
    words[0] = "model";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    int code = command.execute(words);
    return new Outcome(code, out.toString(), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"describe", "import", "export"})
  void everyCommandHasHelp(String command) {
    Outcome help = model(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("Usage: voxbench model " + command);
  }

  @Test
  void aNetworkIsDescribedAsTableAndAsJson() throws IOException {
    Outcome table = model("describe", "synapse");
    assertThat(table.code()).isZero();
    assertThat(table.out()).contains("42 952 850").contains("47.9").contains("estimated memory");

    JsonNode json = Json.MAPPER.readTree(model("describe", "tumor", "--json").out());
    assertThat(json.path("parameters").asLong()).isEqualTo(42_647_604);
    assertThat(json.path("layers").path(0).path("output")).hasSize(4);
    JsonNode memory = json.path("training");
    assertThat(memory).hasSize(4);
    assertThat(memory.path(0).path("precision").asText()).isEqualTo("float32");
    assertThat(memory.path(1).path("recompute").asBoolean()).isTrue();
    assertThat(memory.path(1).path("bytes").asLong())
        .isLessThan(memory.path(0).path("bytes").asLong());
  }

  @Test
  void whatIsMissingIsNamedWithTheCure() throws IOException {
    String out = folder.resolve("w.pt").toString();
    assertThat(model().err()).contains("expected describe, import or export");
    assertThat(model("describe", "resnet").err()).contains("synapse, acdc, lung, tumor, nano");
    Outcome file = model("import", folder.resolve("none.model").toString(), "--out", out);
    assertThat(file.code()).isEqualTo(2);
    assertThat(file.err()).contains("none.model").contains("there is no such file");
    String home = folder.toString();
    Outcome run = model("export", "quickstart-7", "--home", home, "--format", "pt", "--out", out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("quickstart-7").contains("voxbench run FILE");
    Outcome format = model("export", "x.pt", "--format", "onnx", "--out", out);
    assertThat(format.code()).isEqualTo(2);
    assertThat(format.err()).contains("onnx").contains("TORCHSCRIPT");
  }

  @Test
  void aFileOfNoKnownKindIsRefusedAndNothingIsWritten() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.model"), "not weights, only some text");
    Path out = folder.resolve("w.safetensors");
    Outcome outcome = model("import", text.toString(), "--out", out.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("notes.model").contains("neither a PyTorch checkpoint");
    assertThat(out).doesNotExist();
  }
}
