package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.MalformedVolumeException;
import org.voxbench.steps.volume.Spacing;

/** One run of the step: look at all cases, plan, prepare each, publish. */
final class Preparation {

  private static final String FINGERPRINT = "fingerprint.json";
  private static final long FINGERPRINT_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Preprocess.Request request;
  private final StepContext context;
  private final Budget budget;
  private final CaseQueue queue;
  private final PreparedFiles target;
  private final CaseWork work;
  private final Suspects suspects;

  private record Checked(RawScan scan, CaseFacts facts, String content) {}

  Preparation(RawDataset raw, Preprocess.Request request, StepContext context) throws IOException {
    this.request = request;
    this.context = context;
    budget = new Budget(context);
    queue = new CaseQueue(context, budget.memoryBytes());
    target = new PreparedFiles(context.output());
    work = new CaseWork(context, target, queue::note);
    suspects = new Suspects(raw, request.preprocess().badCases());
  }

  Fingerprint fingerprint(List<RawCase> cases) throws IOException {
    List<CaseFacts> facts = inspect(cases).stream().map(Checked::facts).toList();
    return Fingerprint.of(facts, request.modalities());
  }

  StepResult run(List<RawCase> cases) throws IOException {
    List<Checked> checked = inspect(cases);
    List<RawScan> scans = checked.stream().map(Checked::scan).toList();
    List<CaseFacts> facts = checked.stream().map(Checked::facts).toList();
    noteEmptyClasses(facts);
    noteTwins(checked);
    suspects.publish(context);
    Fingerprint fingerprint = Fingerprint.of(facts, request.modalities());
    PreparationPlan plan = Planning.plan(fingerprint, request.preprocess());
    budget.checkMemory(scans, plan.spacing());
    budget.checkDisk(facts.stream().filter(one -> !work.mayReuse(key(one, plan))).toList(), plan);
    new Repetition(work, request.preprocess()).tell(facts, plan, queue::note);
    prepareAll(checked, plan);
    work.summary().ifPresent(queue::note);
    try {
      AtomicFiles.write(context.output().resolve(FINGERPRINT), JSON.writeValueAsBytes(fingerprint));
      target.publish(
          plan, request.modalities(), request.labels(), scans.stream().map(RawScan::id).toList());
    } catch (IOException e) {
      throw budget.explained(e, "the list of cases", FINGERPRINT_BYTES);
    }
    return result(facts, plan);
  }

  /** Looks at all cases; bad ones are set aside, or refused when too many are. */
  private List<Checked> inspect(List<RawCase> cases) throws IOException {
    List<RawScan> scans = openAll(cases);
    Spacing expected = expectedSpacing(scans);
    budget.checkMemory(scans, expected);
    int modalities = request.modalities().size();
    List<Checked> checked =
        queue.run(
            "cases checked",
            scans,
            scan -> Budget.memory(scan, expected),
            scan -> checked(scan, modalities));
    checked.forEach(one -> suspects.add(one.facts().id(), one.facts().problems()));
    suspects.refuseUnlessFew(cases.size());
    return checked.stream().filter(one -> one.facts().problems().isEmpty()).toList();
  }

  private Checked checked(RawScan scan, int modalities) throws IOException {
    ContentDigest content = new ContentDigest();
    CaseFacts facts = CaseInspection.of(scan, modalities, request.labels().keySet(), content::of);
    return new Checked(scan, facts, content.hex());
  }

  /** Two names for one scan may stand on both sides of a split. */
  private void noteTwins(List<Checked> checked) {
    SortedMap<String, List<String>> ids = new TreeMap<>();
    for (Checked one : checked) {
      ids.computeIfAbsent(one.content(), content -> new ArrayList<>()).add(one.facts().id());
    }
    for (List<String> twins : ids.values()) {
      if (twins.size() > 1) {
        queue.note(
            "the same scan under several names: %s; take all but one of them out of the dataset"
                .formatted(String.join(", ", twins)));
      }
    }
  }

  /** Reads all headers; a case whose headers cannot be read is set aside. */
  private List<RawScan> openAll(List<RawCase> cases) throws IOException {
    List<RawScan> scans = new ArrayList<>();
    for (RawCase one : cases) {
      try {
        scans.add(new RawScan(one, request.preprocess().affine()));
      } catch (MalformedVolumeException e) {
        suspects.add(one.id(), List.of("case " + one.id() + ": " + e.getMessage()));
      }
    }
    if (scans.isEmpty()) {
      suspects.refuseAll();
    }
    return scans;
  }

  private Spacing expectedSpacing(List<RawScan> scans) {
    List<Spacing> spacings = scans.stream().map(scan -> scan.grid().spacing()).toList();
    List<GridShape> shapes = scans.stream().map(scan -> scan.grid().shape()).toList();
    return Planning.spacing(spacings, shapes, request.preprocess().spacing());
  }

  private void noteEmptyClasses(List<CaseFacts> facts) {
    request
        .labels()
        .forEach(
            (label, name) -> {
              if (facts.stream().noneMatch(one -> one.voxels().containsKey(label))) {
                context
                    .listener()
                    .note("class " + label + " (" + name + ") has no voxel in any case");
              }
            });
  }

  private void prepareAll(List<Checked> cases, PreparationPlan plan) throws IOException {
    CasePreparation preparation = new CasePreparation(plan, threadsPerCase(cases, plan));
    queue.run(
        "cases prepared",
        cases,
        one -> memory(one, plan),
        one -> {
          get(one, plan, preparation);
          return one.facts().id();
        });
  }

  private static long memory(Checked one, PreparationPlan plan) {
    return Budget.memory(one.facts(), one.scan().channels(), plan.spacing());
  }

  /** What cases in parallel, as many as memory allows, leave of the threads to each of them. */
  private int threadsPerCase(List<Checked> cases, PreparationPlan plan) {
    long largest = cases.stream().mapToLong(one -> memory(one, plan)).max().orElse(1);
    long together = Math.max(1, Math.min(cases.size(), budget.memoryBytes() / largest));
    return (int) Math.max(1, context.resources().threads() / together);
  }

  private void get(Checked one, PreparationPlan plan, CasePreparation preparation)
      throws IOException {
    CaseFacts facts = one.facts();
    String key = key(facts, plan);
    try {
      work.get(facts.id(), key, () -> preparation.prepare(one.scan(), facts, key, target));
      work.remember(CaseKey.scan(facts), CaseKey.making(request.preprocess().affine(), plan));
    } catch (IOException e) {
      throw budget.explained(e, "case " + facts.id(), Budget.preparedBytes(facts, plan));
    }
  }

  private String key(CaseFacts facts, PreparationPlan plan) {
    return CaseKey.of(facts, request.preprocess().affine(), plan);
  }

  private static StepResult result(List<CaseFacts> facts, PreparationPlan plan) {
    double voxels = 0;
    for (CaseFacts one : facts) {
      voxels += Budget.preparedVoxels(one, plan);
    }
    return new StepResult(
        Map.of("preprocess.cases", (double) facts.size(), "preprocess.voxels", voxels),
        List.of(FINGERPRINT, "plan.json", "prepared.json"));
  }
}
