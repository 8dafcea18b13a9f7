package org.voxbench.steps.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.dataset.SplitConfig;

/**
 * Predicts every validation case with the published weights, writes the predictions on the original
 * grids and scores them there.
 *
 * <p>Output: {@code predictions/CASE.nii.gz}, {@code cases/CASE.json} (the score of one finished
 * case, from which an interrupted attempt goes on), {@code scores.json} (a {@link Scores}), {@code
 * scores.csv}.
 */
public final class Evaluate implements Step<Evaluate.Request> {

  private final NetworkSource networks;

  /**
   * Evaluates with the network in the checkpoint step's output.
   *
   * @param natives folder the native libraries are unpacked into, once
   */
  public Evaluate(Path natives) {
    this((context, config) -> PublishedNetwork.open(context, config, natives));
  }

  Evaluate(NetworkSource networks) {
    this.networks = networks;
  }

  /**
   * What scores depend on.
   *
   * @param labels names of the foreground classes by voxel value
   * @param published the classes (by value) and regions (by name) whose mean is {@code dice.mean};
   *     empty: all classes
   * @param regions classes scored together, by name, such as {@code WT: [1, 2, 3]}
   * @param split which cases are validated
   * @param patient pattern of the patient in a case id; see {@link SplitConfig#split}
   * @param evaluate how predictions are made
   */
  public record Request(
      Map<Integer, String> labels,
      List<String> published,
      Map<String, List<Integer>> regions,
      SplitConfig split,
      @Nullable String patient,
      EvaluateConfig evaluate) {

    public Request(
        @JsonProperty("labels") Map<Integer, String> labels,
        @JsonProperty("published") @Nullable List<String> published,
        @JsonProperty("regions") @Nullable Map<String, List<Integer>> regions,
        @JsonProperty("split") SplitConfig split,
        @JsonProperty("patient") @Nullable String patient,
        @JsonProperty("evaluate") @Nullable EvaluateConfig evaluate) {
      this.labels = new TreeMap<>(labels);
      this.published = published == null ? List.of() : List.copyOf(published);
      this.regions = regions == null ? Map.of() : new TreeMap<>(regions);
      this.split = split;
      this.patient = patient;
      this.evaluate = evaluate == null ? EvaluateConfig.published() : evaluate;
      Structure.all(this);
    }
  }

  @Override
  public StepName name() {
    return StepName.EVALUATE;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Request> requestType() {
    return Request.class;
  }

  @Override
  public Set<StepName> inputs() {
    return Set.of(StepName.DOWNLOAD, StepName.PREPROCESS, StepName.CHECKPOINT);
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    return FullDisk.explained(name(), context, () -> work(request, context));
  }

  private StepResult work(Request request, StepContext context) throws IOException {
    RawDataset raw = RawDataset.open(context.input(StepName.DOWNLOAD));
    PreparedDataset prepared = PreparedDataset.open(context.input(StepName.PREPROCESS));
    List<String> ids = request.split().split(raw.trainingIds(), request.patient()).validation();
    List<Structure> structures = Structure.all(request);
    FinishedCases finished = new FinishedCases(context, structures);
    List<String> left = finished.adopt(ids);
    if (!left.isEmpty()) {
      try (OpenNetwork network = networks.open(context, request.evaluate())) {
        new CaseEvaluation(raw, prepared, network, context, new CaseScoring(structures))
            .evaluate(left, request.evaluate(), finished);
      }
    }
    Scores scores = Scores.of(kind(request.split()), structures, judged(ids, finished, structures));
    AtomicFiles.write(context.output().resolve(Scores.FILE), Scores.JSON.writeValueAsBytes(scores));
    ScoreTable.write(context.output().resolve(ScoreTable.FILE), scores);
    return new StepResult(metrics(scores), List.of(Scores.FILE, ScoreTable.FILE));
  }

  /**
   * All cases by name; one of which not even the grid is known gets the worst diagonal there is.
   */
  private static List<CaseScore> judged(
      List<String> ids, FinishedCases finished, List<Structure> structures) {
    List<CaseScore> cases = ids.stream().map(finished::score).toList();
    if (cases.stream().allMatch(CaseScore::failed)) {
      List<String> reasons = cases.stream().map(one -> one.name() + ": " + one.failure()).toList();
      throw new PermanentStepException(
          "no validation case could be predicted:\n  " + String.join("\n  ", reasons));
    }
    double worst =
        cases.stream()
            .filter(one -> !one.shape().isEmpty())
            .mapToDouble(Evaluate::diagonal)
            .max()
            .orElseThrow();
    CaseScoring scoring = new CaseScoring(structures);
    List<CaseScore> judged = new ArrayList<>();
    for (CaseScore one : cases) {
      judged.add(one.shape().isEmpty() ? scoring.failed(one.name(), one.failure(), worst) : one);
    }
    return judged;
  }

  private static double diagonal(CaseScore one) {
    int[] shape = one.shape().stream().mapToInt(Integer::intValue).toArray();
    double[] spacing = one.spacing().stream().mapToDouble(Double::doubleValue).toArray();
    return Lattice.of(shape, spacing).diagonal();
  }

  private static String kind(SplitConfig split) {
    if (split instanceof SplitConfig.Same) {
      return "same";
    }
    return split instanceof SplitConfig.Listed ? "listed" : "random";
  }

  private static Map<String, Double> metrics(Scores scores) {
    Map<String, Double> metrics = new TreeMap<>();
    put(metrics, "dice.mean", scores.published().dice());
    put(metrics, "hd95.mean", scores.published().hd95());
    put(metrics, "assd.mean", scores.published().assd());
    for (StructureSummary one : scores.structures()) {
      String name = one.name().replaceAll("[^A-Za-z0-9_./-]", "_");
      put(metrics, "dice." + name, one.dice().mean());
      put(metrics, "hd95." + name, one.hd95().mean());
    }
    metrics.put("cases.failed", (double) scores.counts().failed());
    return metrics;
  }

  private static void put(Map<String, Double> metrics, String key, @Nullable Double value) {
    if (value != null) {
      metrics.put(key, value);
    }
  }
}
