package org.voxbench.steps.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.evaluate.CaseScore;
import org.voxbench.steps.evaluate.Distances;
import org.voxbench.steps.evaluate.Outcome;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.steps.evaluate.StructureScore;
import org.voxbench.steps.evaluate.StructureSummary;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Volume;

/** Chooses the worst cases and draws the slices through their largest errors. */
final class WorstCases {

  private static final int SHOWN = 3;

  private final StepContext context;

  WorstCases(StepContext context) {
    this.context = context;
  }

  /** The cases of the lowest mean Dice, at most {@value #SHOWN}, the worst first. */
  List<WorstCase> find(Scores scores) {
    List<CaseScore> sorted = new ArrayList<>(scores.cases());
    sorted.sort(Comparator.comparingDouble(WorstCases::rank).thenComparing(CaseScore::name));
    List<WorstCase> worst = new ArrayList<>();
    for (CaseScore one : sorted.subList(0, Math.min(SHOWN, sorted.size()))) {
      worst.add(describe(one, scores));
      context.listener().progress("worst cases", worst.size(), Math.min(SHOWN, sorted.size()));
    }
    return worst;
  }

  private static double rank(CaseScore one) {
    Double dice = meanDice(one);
    return one.failed() ? -1 : dice == null ? 2 : dice;
  }

  static @Nullable Double meanDice(CaseScore one) {
    return mean(one, StructureScore::dice);
  }

  static @Nullable Double mean(CaseScore one, Function<StructureScore, @Nullable Double> figure) {
    double sum = 0;
    int n = 0;
    for (StructureScore score : one.scores()) {
      Double value = figure.apply(score);
      if (value != null) {
        sum += value;
        n++;
      }
    }
    return n == 0 ? null : Double.valueOf(sum / n);
  }

  private WorstCase describe(CaseScore one, Scores scores) {
    if (one.failed()) {
      return new WorstCase(one.name(), "No prediction: " + one.failure(), List.of());
    }
    Optional<StructureScore> worst =
        one.scores().stream()
            .filter(score -> score.farthest().size() == 3)
            .max(Comparator.comparingDouble(WorstCases::largest));
    if (worst.isEmpty()) {
      return new WorstCase(one.name(), "Neither truth nor prediction holds a class.", List.of());
    }
    StructureScore score = worst.get();
    String name =
        scores.structures().stream()
            .filter(summary -> summary.key().equals(score.key()))
            .map(StructureSummary::name)
            .findFirst()
            .orElse(score.key());
    String sentence =
        "Mean Dice %s. %s".formatted(Numbers.dice(meanDice(one)), sentence(score, name));
    try {
      return new WorstCase(one.name(), sentence, views(one.name(), score.farthest()));
    } catch (IOException | RuntimeException e) {
      context.listener().note("report: no picture of case " + one.name() + ": " + e.getMessage());
      return new WorstCase(one.name(), sentence + " No picture: " + e.getMessage(), List.of());
    }
  }

  private static double largest(StructureScore score) {
    Distances distances = score.distances();
    return distances == null ? 0 : distances.hd();
  }

  private static String sentence(StructureScore score, String name) {
    String place =
        String.format(
            Locale.ROOT,
            "slice z %d, y %d, x %d",
            score.farthest().get(0),
            score.farthest().get(1),
            score.farthest().get(2));
    if (score.outcome() == Outcome.MISSED) {
      return name + " is missed altogether; its truth is shown at " + place + ".";
    }
    if (score.outcome() == Outcome.INVENTED) {
      return name + " is invented; its prediction is shown at " + place + ".";
    }
    return "The largest surface error is %s mm, in %s at %s."
        .formatted(Numbers.length(largest(score)), name, place);
  }

  private List<WorstCase.View> views(String id, List<Integer> place) throws IOException {
    RawCase raw =
        RawDataset.open(context.input(StepName.DOWNLOAD)).training().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new PermanentStepException("the raw dataset has no such case"));
    Path label = raw.label().orElseThrow(() -> new PermanentStepException("the case has no label"));
    Volume image = NiftiFile.readImage(raw.images().get(0));
    LabelVolume truth = NiftiFile.readLabels(label);
    LabelVolume prediction =
        NiftiFile.readLabels(
            context.input(StepName.EVALUATE).resolve("predictions").resolve(id + ".nii.gz"));
    return new SlicePicture(image, truth.voxels(), prediction.voxels()).views(place);
  }
}
