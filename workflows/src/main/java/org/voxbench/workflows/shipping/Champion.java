package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.ModelRegistry;
import org.voxbench.tracking.ModelRegistry.Version;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.Store.Published;

/**
 * Registers a run's model under its dataset's name and has the alias {@code champion} name the best
 * one by mean Dice. Only runs with the same data, the same held-out cases and the same structures
 * are compared: such a group keeps an alias of its own, {@code champion-GROUP}, and {@code
 * champion} stays with the group that held it first until somebody moves or deletes it on the
 * server.
 */
final class Champion {

  private static final String ALIAS = "champion";
  private static final String SCORE = "voxbench.dice_mean";
  private static final String GROUP = "voxbench.comparable";

  private Champion() {}

  /**
   * Registers the model; may be repeated.
   *
   * @return what the server cannot do, empty where it can all
   */
  static Optional<String> tell(RunContent content, TrackedRun tracked)
      throws TrackingException, IOException {
    Double score = content.run().metrics().get("dice.mean");
    String model = Datasets.name(content).replaceAll("[/:]", "_");
    String group = group(content);
    Map<String, String> tags =
        new TreeMap<>(Map.of("voxbench.run", content.run().id(), GROUP, group));
    if (score != null) {
      tags.put(SCORE, Double.toString(score));
    }
    ModelRegistry models = tracked.models();
    String source = tracked.artifactUri() + "/" + ModelFiles.FOLDER;
    Optional<Version> version = models.register(model, source, tracked.id(), tags);
    if (version.isEmpty()) {
      return Optional.of("registered model: the server has no model registry");
    }
    if (score == null || score.isNaN()) {
      return Optional.empty();
    }
    boolean known = challenge(models, version.get(), ALIAS + "-" + group, score);
    Optional<Version> champion = models.named(model, ALIAS);
    boolean comparable =
        champion.isEmpty() || group.equals(champion.get().tags().getOrDefault(GROUP, group));
    if (known && comparable) {
      known = challenge(models, version.get(), ALIAS, score);
    }
    return known
        ? Optional.empty()
        : Optional.of("alias champion: the server is too old to know aliases");
  }

  /** Takes the alias where it is free or names a worse one; false where there are no aliases. */
  private static boolean challenge(
      ModelRegistry models, Version version, String alias, double score) throws TrackingException {
    Optional<Version> holder = models.named(version.model(), alias);
    return (holder.isPresent() && score(holder.get()) >= score) || models.alias(version, alias);
  }

  private static double score(Version version) {
    try {
      return Double.parseDouble(version.tags().getOrDefault(SCORE, "-1"));
    } catch (NumberFormatException edited) {
      return -1;
    }
  }

  /** What two runs must have in common to be compared. */
  private static String group(RunContent content) throws IOException {
    JsonNode evaluate = content.experiment().request(StepName.EVALUATE);
    ObjectNode judged = Json.MAPPER.createObjectNode();
    for (String key : new String[] {"labels", "published", "regions"}) {
      judged.set(key, evaluate.path(key).deepCopy());
    }
    Optional<Published> data = content.published(StepName.DOWNLOAD);
    if (data.isPresent()) {
      judged.put("data", data.get().manifest().digest());
    }
    Optional<Published> evaluated = content.published(StepName.EVALUATE);
    if (evaluated.isPresent()) {
      Path scores = evaluated.get().output().resolve(CaseTable.SCORES);
      TreeSet<String> cases =
          Files.exists(scores) ? CaseTable.column(scores, "case") : new TreeSet<>();
      judged.set("cases", Json.MAPPER.valueToTree(cases));
    }
    try {
      byte[] text = judged.toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
