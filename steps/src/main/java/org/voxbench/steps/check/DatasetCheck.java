package org.voxbench.steps.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.dataset.Split;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.preprocess.ScanCheck;
import org.voxbench.steps.volume.AffineRule;

/**
 * Checks raw datasets: files, labels, every case's geometry and voxels, scans that occur twice
 * inside or across datasets, and patients or scans on both sides of a split. Changes nothing.
 */
public final class DatasetCheck {

  private final StepContext context;

  /**
   * A checker.
   *
   * @param context told of progress, asked to stop between cases; its threads and memory are used,
   *     nothing is written
   */
  public DatasetCheck(StepContext context) {
    this.context = context;
  }

  /**
   * A dataset to check.
   *
   * @param name as the user calls it
   * @param folder in or below which it lies
   * @param modalities to expect; empty: as the archive says, or one when it says nothing
   * @param labels to expect; empty: as the archive says
   * @param split how it will be split, if that is to be checked too
   * @param patient pattern of the patient in a case id, see {@link SplitConfig#split}; may be empty
   * @param rule which affine counts where a file's two disagree
   */
  public record Subject(
      String name,
      Path folder,
      List<String> modalities,
      Map<Integer, String> labels,
      Optional<SplitConfig> split,
      String patient,
      AffineRule rule) {}

  /** Checks all of them, each by itself and against the others. */
  public CheckReport check(List<Subject> subjects) throws IOException {
    List<DatasetVerdict> verdicts = new ArrayList<>();
    for (Subject subject : subjects) {
      verdicts.add(check(subject));
    }
    boolean sound =
        verdicts.stream().allMatch(v -> v.problems().isEmpty() && v.quarantined().isEmpty());
    return new CheckReport(sound, verdicts, Duplicates.in(verdicts));
  }

  private DatasetVerdict check(Subject subject) throws IOException {
    List<String> problems = new ArrayList<>();
    RawDataset dataset = RawDataset.survey(subject.folder(), problems);
    Map<Integer, String> labels = labels(subject, dataset, problems);
    int channels = Math.max(1, modalities(subject, dataset).size());
    CaseCheck judge = new CaseCheck(dataset.folder(), labels);
    List<RawCase> all =
        Stream.concat(dataset.training().stream(), dataset.test().stream())
            .sorted(Comparator.comparing(RawCase::id))
            .toList();
    List<ScanCheck.Result> found =
        new ScanCheck(channels, judge.classes(), subject.rule(), context)
            .each("cases of " + subject.name(), all);
    List<CaseVerdict> verdicts = verdicts(judge, all, found);
    subject
        .split()
        .ifPresent(split -> checkSplit(split, subject.patient(), dataset, verdicts, problems));
    List<String> remarks = new ArrayList<>(dataset.remarks());
    if (labels.isEmpty() && !all.isEmpty()) {
      remarks.add(
          "nobody says which labels there are: label values were not checked; check a dataset file"
              + " that names them");
    }
    labels.forEach((label, name) -> remarkOnEmptyClass(label, name, verdicts, remarks));
    return new DatasetVerdict(subject.name(), dataset.layout(), problems, remarks, verdicts);
  }

  private static List<CaseVerdict> verdicts(
      CaseCheck judge, List<RawCase> cases, List<ScanCheck.Result> found) {
    Map<String, List<String>> byContent = new TreeMap<>();
    for (int index = 0; index < cases.size(); index++) {
      String content = found.get(index).content();
      if (!content.isEmpty()) {
        byContent.computeIfAbsent(content, first -> new ArrayList<>()).add(cases.get(index).id());
      }
    }
    List<CaseVerdict> verdicts = new ArrayList<>();
    for (int index = 0; index < cases.size(); index++) {
      List<String> twins =
          new ArrayList<>(byContent.getOrDefault(found.get(index).content(), List.of()));
      twins.remove(cases.get(index).id());
      verdicts.add(judge.verdict(cases.get(index), found.get(index), twins));
    }
    return verdicts;
  }

  private static void remarkOnEmptyClass(
      int label, String name, List<CaseVerdict> verdicts, List<String> remarks) {
    List<CaseVerdict> readable =
        verdicts.stream()
            .filter(one -> one.labelled() && one.verdict() != Verdict.QUARANTINED)
            .toList();
    if (!readable.isEmpty() && readable.stream().noneMatch(v -> v.voxels().containsKey(label))) {
      remarks.add(
          "class %d (%s) has no voxel in any of %d sound cases: it can be neither learnt nor scored"
              .formatted(label, name, readable.size()));
    }
  }

  private static Map<Integer, String> labels(
      Subject subject, RawDataset dataset, List<String> problems) {
    Map<Integer, String> wanted = new TreeMap<>(subject.labels());
    if (wanted.isEmpty()) {
      return dataset.labels();
    }
    if (!dataset.labels().isEmpty() && !comparable(wanted).equals(comparable(dataset.labels()))) {
      problems.add(
          "labels declared: "
              + wanted
              + " but labels in the data: "
              + dataset.labels()
              + "; mend dataset.labels or the file");
    }
    return wanted;
  }

  /** Swapped numbers would score the wrong organ; spelling is nobody's mistake. */
  private static Map<Integer, String> comparable(Map<Integer, String> labels) {
    Map<Integer, String> comparable = new TreeMap<>();
    labels.forEach(
        (value, name) ->
            comparable.put(value, name.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", " ").strip()));
    return comparable;
  }

  private static List<String> modalities(Subject subject, RawDataset dataset) {
    return subject.modalities().isEmpty() ? dataset.modalities() : subject.modalities();
  }

  private static void checkSplit(
      SplitConfig config,
      String patient,
      RawDataset dataset,
      List<CaseVerdict> verdicts,
      List<String> problems) {
    if (dataset.training().isEmpty()) {
      return;
    }
    try {
      Split split = config.split(dataset.trainingIds(), patient);
      if (!(config instanceof SplitConfig.Same)) {
        checkTwins(split, verdicts, problems);
      }
    } catch (PermanentStepException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /** Two names for one scan defeat a split by patient. */
  private static void checkTwins(Split split, List<CaseVerdict> verdicts, List<String> problems) {
    Map<String, List<String>> byContent = new TreeMap<>();
    for (CaseVerdict one : verdicts) {
      if (!one.content().isEmpty()) {
        byContent.computeIfAbsent(one.content(), content -> new ArrayList<>()).add(one.id());
      }
    }
    for (List<String> twins : byContent.values()) {
      TreeSet<String> learnt = new TreeSet<>(twins);
      learnt.retainAll(split.training());
      TreeSet<String> heldOut = new TreeSet<>(twins);
      heldOut.retainAll(split.validation());
      if (!learnt.isEmpty() && !heldOut.isEmpty()) {
        problems.add(
            "split: the same scan is on both sides: training has "
                + learnt
                + ", validation has "
                + heldOut
                + "; take one of them out");
      }
    }
  }
}
