package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.dataset.Split;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.tracking.DatasetUse;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.Manifest;
import org.voxbench.workflows.run.Store.Published;

/**
 * What a run reads, as MLflow's inputs: the cases learnt from and those held out, each with a
 * digest of the content of their files.
 */
final class Datasets {

  private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);
  private static final int DIGEST_LENGTH = 36;

  private Datasets() {}

  /** The dataset's name, which its models carry too. */
  static String name(RunContent content) throws IOException {
    JsonNode request = content.experiment().request(StepName.DOWNLOAD);
    return request.path("name").asText(content.run().name());
  }

  /** Name and digest of the whole. */
  static String tag(RunContent content) throws IOException {
    String digest =
        content.published(StepName.DOWNLOAD).map(p -> p.manifest().digest()).orElse("unknown");
    return name(content) + " " + digest;
  }

  /** One for each side of the split; one in all where the split cannot be told. */
  static List<DatasetUse> of(RunContent content, Published download) throws IOException {
    JsonNode request = content.experiment().request(StepName.DOWNLOAD);
    String source = request.has("source") ? request.path("source").toString() : "unknown";
    List<DatasetUse> uses = new ArrayList<>();
    Manifest whole = download.manifest();
    Split split = split(content, download);
    for (String context : new String[] {"training", "validation"}) {
      List<String> cases = context.equals("training") ? split.training() : split.validation();
      List<Manifest.Entry> files = files(whole, cases);
      boolean told = uses.stream().anyMatch(use -> use.digest().equals(digest(files, whole)));
      if (!files.isEmpty() && !told) {
        uses.add(
            new DatasetUse(
                name(content),
                digest(files, whole),
                source,
                profile(files, cases, whole),
                context));
      }
    }
    if (uses.isEmpty()) {
      String profile = profile(whole.files(), List.of(), whole);
      String digest = whole.digest().substring(0, DIGEST_LENGTH);
      uses.add(new DatasetUse(name(content), digest, source, profile, "training"));
    }
    return uses;
  }

  private static Split split(RunContent content, Published download) throws IOException {
    JsonNode train = content.experiment().request(StepName.TRAIN);
    if (!train.has("split")) {
      return new Split(List.of(), List.of());
    }
    try {
      SplitConfig config = Json.MAPPER.treeToValue(train.path("split"), SplitConfig.class);
      List<String> ids = RawDataset.open(download.output()).trainingIds();
      return config.split(ids, train.path("patient").asText(""));
    } catch (PermanentStepException | IOException unreadable) {
      LOG.info("the dataset is told as a whole: {}", unreadable.getMessage());
      return new Split(List.of(), List.of());
    }
  }

  /** Files of these cases: images carry the number of their channel behind the id. */
  private static List<Manifest.Entry> files(Manifest whole, List<String> cases) {
    if (cases.isEmpty()) {
      return List.of();
    }
    String ids = cases.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Pattern file = Pattern.compile("(.*/)?(" + ids + ")(_\\d{4})?\\..*");
    return whole.files().stream().filter(e -> file.matcher(e.path()).matches()).toList();
  }

  private static String digest(List<Manifest.Entry> files, Manifest whole) {
    return whole.with(files).digest().substring(0, DIGEST_LENGTH);
  }

  private static String profile(List<Manifest.Entry> files, List<String> cases, Manifest whole) {
    ObjectNode profile = Json.MAPPER.createObjectNode();
    if (!cases.isEmpty()) {
      profile.put("cases", cases.size());
    }
    return profile
        .put("files", files.size())
        .put("bytes", files.stream().mapToLong(Manifest.Entry::size).sum())
        .put("dataset", whole.digest())
        .toString();
  }
}
