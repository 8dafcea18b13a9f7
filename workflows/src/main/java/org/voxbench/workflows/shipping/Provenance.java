package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Json;

/**
 * Where a run comes from: who asked for it, with which version of Voxbench, from which experiment
 * file at which state of its git work tree. Gathered when the run is asked for, kept in its folder.
 *
 * <pre>
 * runs/RUN/provenance.json   user, version, source, git
 * runs/RUN/source.patch      what the work tree had changed since its commit; where it had
 * </pre>
 */
public final class Provenance {

  private static final Logger LOG = LoggerFactory.getLogger(Provenance.class);
  private static final String FILE = "provenance.json";
  private static final String PATCH = "source.patch";

  private Provenance() {}

  /**
   * Writes it into the run's folder. A work tree that git cannot read is told without its state.
   *
   * @param source the experiment's file
   */
  public static void keep(Path runFolder, Path source) throws IOException {
    ObjectNode facts = Json.MAPPER.createObjectNode();
    facts.put("user", System.getProperty("user.name", "unknown"));
    String version = Provenance.class.getPackage().getImplementationVersion();
    facts.put("version", version == null ? "unpackaged" : version);
    own().flatMap(GitTree::of).ifPresent(tree -> tree.describe(facts.putObject("voxbench_git")));
    Path file = source.toAbsolutePath().normalize();
    Optional<GitTree> tree = GitTree.of(file.resolveSibling(""));
    facts.put("source", tree.map(t -> t.relative(file)).orElse(file.getFileName().toString()));
    if (tree.isPresent()) {
      tree.get().describe(facts.putObject("git"));
      String patch = tree.get().patch();
      if (!patch.isEmpty()) {
        AtomicFiles.write(runFolder.resolve(PATCH), patch.getBytes(StandardCharsets.UTF_8));
      }
    }
    AtomicFiles.write(runFolder.resolve(FILE), Json.MAPPER.writeValueAsBytes(facts));
  }

  /** The folder that this program was built in or unpacked to. */
  private static Optional<Path> own() {
    try {
      CodeSource code = Provenance.class.getProtectionDomain().getCodeSource();
      return code == null
          ? Optional.empty()
          : Optional.ofNullable(Path.of(code.getLocation().toURI()).getParent());
    } catch (URISyntaxException | IllegalArgumentException elsewhere) {
      return Optional.empty();
    }
  }

  /** Its files, by artifact path. */
  static Map<String, Path> files(Path runFolder) {
    Map<String, Path> files = new TreeMap<>();
    for (String name : new String[] {FILE, PATCH}) {
      if (Files.exists(runFolder.resolve(name))) {
        files.put("config/" + name, runFolder.resolve(name));
      }
    }
    return files;
  }

  /** Tags in MLflow's own words where it has some; few for a run of an earlier version. */
  static Map<String, String> tags(Path runFolder) {
    JsonNode facts = read(runFolder.resolve(FILE));
    Map<String, String> tags = new TreeMap<>();
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("mlflow.source.name", facts.path("source").asText("voxbench"));
    tags.put("mlflow.user", facts.path("user").asText(System.getProperty("user.name", "unknown")));
    if (facts.has("version")) {
      String commit = facts.at("/voxbench_git/commit").asText();
      boolean dirty = facts.at("/voxbench_git/dirty").asBoolean();
      String built = commit.isEmpty() ? "" : " " + commit + (dirty ? "-dirty" : "");
      tags.put("voxbench.version", facts.path("version").asText() + built);
    }
    JsonNode git = facts.path("git");
    put(tags, "mlflow.source.git.commit", git.path("commit"));
    put(tags, "mlflow.source.git.branch", git.path("branch"));
    put(tags, "mlflow.source.git.repoURL", git.path("remote"));
    put(tags, "mlflow.source.git.dirty", git.path("dirty"));
    return tags;
  }

  private static void put(Map<String, String> tags, String key, JsonNode value) {
    if (!value.isMissingNode() && !value.asText().isEmpty()) {
      tags.put(key, value.asText());
    }
  }

  private static JsonNode read(Path file) {
    try {
      return Files.exists(file)
          ? Json.MAPPER.readTree(file.toFile())
          : Json.MAPPER.createObjectNode();
    } catch (IOException damaged) {
      LOG.warn("{} cannot be read: {}", file, damaged.getMessage());
      return Json.MAPPER.createObjectNode();
    }
  }

  /** The machine that a step was computed on, as tags; none where nobody wrote it down. */
  static Map<String, String> machine(Path environment) {
    JsonNode facts = read(environment);
    Map<String, String> tags = new TreeMap<>();
    for (String key : new String[] {"java", "os", "cpu", "libtorch", "djl", "host"}) {
      put(tags, "voxbench." + key, facts.path(key));
    }
    put(tags, "voxbench.processors", facts.path("processors"));
    if (facts.path("memory_bytes").asLong() > 0) {
      long mebibytes = facts.path("memory_bytes").asLong() >> 20;
      tags.put("voxbench.memory", mebibytes + " MiB");
    }
    if (!facts.path("gpus").isEmpty()) {
      StringBuilder gpus = new StringBuilder();
      facts.path("gpus").forEach(g -> gpus.append(gpus.isEmpty() ? "" : "; ").append(g.asText()));
      tags.put("voxbench.gpu", gpus.toString());
    }
    return tags;
  }
}
