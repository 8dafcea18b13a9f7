package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Preprocess.Request request;
  private final StepContext context;
  private final Budget budget;
  private final CaseQueue queue;
  private final PreparedFiles target;
  private final Suspects suspects;

  private record Checked(RawScan scan, CaseFacts facts) {}

  Preparation(RawDataset raw, Preprocess.Request request, StepContext context) throws IOException {
    this.request = request;
    this.context = context;
    budget = new Budget(context);
    queue = new CaseQueue(context, budget.memoryBytes());
    target = new PreparedFiles(context.output());
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
    suspects.publish(context);
    Fingerprint fingerprint = Fingerprint.of(facts, request.modalities());
    PreparationPlan plan = Planning.plan(fingerprint, request.preprocess());
    budget.checkMemory(scans, plan.spacing());
    budget.checkDisk(facts, plan);
    try {
      prepareAll(checked, plan);
      AtomicFiles.write(context.output().resolve(FINGERPRINT), JSON.writeValueAsBytes(fingerprint));
      target.publish(
          plan, request.modalities(), request.labels(), scans.stream().map(RawScan::id).toList());
    } catch (IOException e) {
      throw budget.explained(e);
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
            scan ->
                new Checked(scan, CaseInspection.of(scan, modalities, request.labels().keySet())));
    checked.forEach(one -> suspects.add(one.facts().id(), one.facts().problems()));
    suspects.refuseUnlessFew(cases.size());
    return checked.stream().filter(one -> one.facts().problems().isEmpty()).toList();
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
          String recipe = recipe(one.facts(), plan);
          if (!takeEarlier(one.facts().id(), recipe)) {
            preparation.prepare(one.scan(), one.facts(), recipe, target);
          }
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

  private boolean takeEarlier(String id, String recipe) throws IOException {
    if (target.holdsIntact(id, recipe)) {
      return true;
    }
    if (context.earlier().isEmpty()) {
      return false;
    }
    PreparedFiles earlier = new PreparedFiles(context.earlier().get());
    if (!earlier.holdsIntact(id, recipe)) {
      return false;
    }
    target.adopt(earlier, id);
    queue.note("case " + id + " was taken from an earlier attempt");
    return true;
  }

  /** Digest of everything on which a prepared case depends. */
  private static String recipe(CaseFacts facts, PreparationPlan plan) {
    String text = facts.id() + facts.digest() + facts.crop() + plan;
    return HexFormat.of().formatHex(Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
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
