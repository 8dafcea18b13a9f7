package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.Store.Published;

/** Decides whether an earlier output serves, and says why. */
public final class Planner {

  private static final int NAMED = 4;

  private final StepCatalogue steps;
  private final Store store;

  public Planner(StepCatalogue steps, Store store) {
    this.steps = steps;
    this.store = store;
  }

  /**
   * The decision about one step.
   *
   * @param fingerprint what the step's output depends on
   * @param published the earlier output that serves, not yet verified
   * @param reason in words
   */
  public record Decision(Fingerprint fingerprint, Optional<Published> published, String reason) {}

  /**
   * Decides about one step.
   *
   * @param name the step
   * @param request its request
   * @param inputs the published outputs it reads
   */
  public Decision decide(StepName name, JsonNode request, Map<StepName, Published> inputs)
      throws IOException {
    Fingerprint fingerprint = fingerprint(steps.step(name), request, inputs);
    Optional<Published> published = store.find(name, fingerprint.digest());
    String reason =
        published
            .map(p -> "same settings and inputs as in run " + p.manifest().run())
            .orElseGet(() -> missReason(fingerprint));
    return new Decision(fingerprint, published, reason);
  }

  private <C> Fingerprint fingerprint(
      Step<C> step, JsonNode request, Map<StepName, Published> inputs) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    inputs.forEach((name, output) -> digests.put(name.key(), output.manifest().digest()));
    JsonNode named = request;
    for (Path path : step.externalInputs(Json.MAPPER.convertValue(request, step.requestType()))) {
      if (!Files.exists(path)) {
        throw new PermanentStepException(
            "step "
                + step.name().key()
                + ": expected a file or folder at "
                + path
                + " but there is none. Mend the path in the experiment, or give it with --set.");
      }
      digests.put("files", Digests.ofContent(path));
      named = without(path.toString(), named);
    }
    return new Fingerprint(step.name(), step.version(), named, digests);
  }

  /** Content counts, not where it lies: a moved folder is still the same input. */
  private static JsonNode without(String path, JsonNode node) {
    if (node.isTextual() && samePath(node.textValue(), path)) {
      return TextNode.valueOf("(content)");
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      object.properties().forEach(e -> copy.set(e.getKey(), without(path, e.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = array.arrayNode();
      array.forEach(element -> copy.add(without(path, element)));
      return copy;
    }
    return node;
  }

  private static boolean samePath(String text, String path) {
    return text.equals(path) || (text.startsWith("/") && Path.of(text).equals(Path.of(path)));
  }

  private String missReason(Fingerprint fingerprint) {
    try {
      return store.newest(fingerprint.step()).stream()
          .map(Published::manifest)
          .min(Comparator.comparingInt(m -> fingerprint.differencesFrom(m.fingerprint()).size()))
          .map(nearest -> differs(fingerprint, nearest))
          .orElse("no earlier output of this step");
    } catch (IOException e) {
      return "no readable earlier output of this step";
    }
  }

  private static String differs(Fingerprint fingerprint, Manifest nearest) {
    List<String> differences = fingerprint.differencesFrom(nearest.fingerprint());
    String named = String.join(", ", differences.subList(0, Math.min(NAMED, differences.size())));
    int more = differences.size() - NAMED;
    return "differs from run "
        + nearest.run()
        + ": "
        + named
        + (more > 0 ? " and " + more + " more" : "");
  }
}
