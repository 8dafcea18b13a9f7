package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.ModelRegistry;
import org.voxbench.tracking.ModelRegistry.Version;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.FrozenExperiment;
import org.voxbench.workflows.run.Store.Published;

/**
 * Registers a run's model under its dataset's name and has the alias {@code champion} name the best
 * one. Only runs of the same data, split and structures are compared; the alias belongs to the runs
 * comparable with the one told last, and each such group keeps an alias of its own.
 */
final class Champion {

  private static final String ALIAS = "champion";
  private static final String SCORE = "voxbench.dice_mean";
  private static final String GROUP = "voxbench.comparable";

  private Champion() {}

  /** Registers the model; may be repeated. */
  static void tell(RunContent content, FrozenExperiment experiment, TrackedRun tracked)
      throws TrackingException, IOException {
    Double score = content.run().metrics().get("dice.mean");
    String dataset =
        experiment.request(StepName.DOWNLOAD).path("name").asText(content.run().name());
    String model = dataset.replaceAll("[/:]", "_");
    String group = group(content, experiment);
    Map<String, String> tags =
        new TreeMap<>(Map.of("voxbench.run", content.run().id(), GROUP, group));
    if (score != null) {
      tags.put(SCORE, Double.toString(score));
    }
    ModelRegistry models = tracked.models();
    String source = tracked.artifactUri() + "/" + ModelFiles.FOLDER;
    Optional<Version> version = models.register(model, source, tracked.id(), tags);
    if (version.isEmpty() || score == null || score.isNaN()) {
      return;
    }
    Version best = version.get();
    String own = ALIAS + "-" + group;
    Optional<Version> champion = models.named(model, own);
    if (champion.isPresent() && score(champion.get()) >= score) {
      best = champion.get();
    } else {
      models.alias(best, own);
    }
    models.alias(best, ALIAS);
  }

  private static double score(Version version) {
    try {
      return Double.parseDouble(version.tags().getOrDefault(SCORE, "-1"));
    } catch (NumberFormatException edited) {
      return -1;
    }
  }

  private static String group(RunContent content, FrozenExperiment experiment) throws IOException {
    JsonNode evaluate = experiment.request(StepName.EVALUATE);
    ObjectNode judged = Json.MAPPER.createObjectNode();
    for (String key : new String[] {"labels", "published", "regions", "split", "patient"}) {
      judged.set(key, evaluate.path(key).deepCopy());
    }
    Optional<Published> data = content.published(StepName.DOWNLOAD);
    String text = data.isPresent() ? data.get().manifest().digest() + judged : judged.toString();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
