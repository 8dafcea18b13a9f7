package org.voxbench.workflows.cli.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.preprocess.DatasetAnalysis;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.YamlText;
import picocli.CommandLine.Option;

/** How a fingerprint or plan is shown: as YAML or JSON, into a file, or against another one. */
final class DatasetView {

  @Option(
      names = "--diff",
      paramLabel = "OTHER",
      description = "shows what differs from another one: a file made with --out, or a dataset")
  private @Nullable Path other;

  @Option(names = "--out", paramLabel = "FILE", description = "writes it to this file as YAML")
  private @Nullable Path file;

  @Option(names = "--json", description = "print one JSON object instead of YAML")
  private boolean json;

  @Nullable Path other() {
    return other;
  }

  /**
   * Shows it.
   *
   * @param heading first lines of the YAML, each a comment
   */
  void show(JsonNode tree, String heading, PrintWriter out) throws IOException {
    String yaml = heading + YamlText.of(tree);
    if (file != null) {
      Path target = file.toAbsolutePath();
      if (!Files.isDirectory(target.resolveSibling("."))) {
        throw new IllegalArgumentException(
            "--out " + file + ": expected a file in an existing folder; make the folder first");
      }
      AtomicFiles.write(target, yaml.getBytes(StandardCharsets.UTF_8));
      out.println("written to " + file);
    } else {
      out.println(json ? Json.MAPPER.writeValueAsString(tree) : yaml.stripTrailing());
    }
    out.flush();
  }

  /** Shows what differs, {@code path: other -> this} a line. */
  void showDifferences(JsonNode theOther, JsonNode mine, PrintWriter out) throws IOException {
    List<String> lines = DatasetAnalysis.differences(theOther, mine);
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(lines));
    } else if (lines.isEmpty()) {
      out.println("no difference");
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }
}
