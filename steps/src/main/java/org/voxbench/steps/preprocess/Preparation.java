package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.MalformedVolumeException;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;

/** One run of the step: look at all cases, plan, prepare each, publish. */
final class Preparation {

  private static final long MIB = 1 << 20;

  /** Kept free on the disk beside what is written. */
  private static final long DISK_RESERVE_BYTES = 64 * MIB;

  private final Preprocess.Request request;
  private final StepContext context;
  private final long memoryBytes;
  private final PreparedFiles target;

  private record Checked(RawScan scan, CaseFacts facts) {}

  Preparation(Preprocess.Request request, StepContext context) {
    this.request = request;
    this.context = context;
    memoryBytes =
        Math.min(context.resources().memoryBytes(), Runtime.getRuntime().maxMemory() / 10 * 9);
    target = new PreparedFiles(context.output());
  }

  StepResult run(List<RawCase> cases) throws IOException {
    List<RawScan> scans = openAll(cases);
    Spacing expected = expectedSpacing(scans);
    checkMemory(scans, expected);
    CaseQueue queue = new CaseQueue(context, memoryBytes);
    List<CaseFacts> facts =
        queue.run(
            "cases checked",
            scans,
            scan -> memory(scan, expected),
            scan ->
                CaseInspection.of(scan, request.modalities().size(), request.labels().keySet()));
    refuseAll(facts.stream().flatMap(one -> one.problems().stream()).toList());
    noteEmptyClasses(facts);
    PreparationPlan plan = Planning.plan(facts, request.modalities(), request.preprocess());
    checkMemory(scans, plan.spacing());
    checkDisk(facts, plan);
    prepareAll(queue, scans, facts, plan);
    target.publish(
        plan, request.modalities(), request.labels(), scans.stream().map(RawScan::id).toList());
    return result(facts, plan);
  }

  private List<RawScan> openAll(List<RawCase> cases) throws IOException {
    List<RawScan> scans = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (RawCase one : cases) {
      try {
        RawScan scan = new RawScan(one, request.preprocess().affine());
        problems.addAll(CaseInspection.headerProblems(scan, request.modalities().size()));
        scans.add(scan);
      } catch (MalformedVolumeException e) {
        problems.add("case " + one.id() + ": " + e.getMessage());
      }
    }
    if (cases.isEmpty()) {
      problems.add("expected at least one case with image and label but found none");
    }
    refuseAll(problems);
    return scans;
  }

  private static void refuseAll(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new PermanentStepException(
          "preprocess: %d problems in the raw data:%n  - %s"
              .formatted(problems.size(), String.join("\n  - ", problems)));
    }
  }

  private Spacing expectedSpacing(List<RawScan> scans) {
    List<Spacing> spacings = scans.stream().map(scan -> scan.grid().spacing()).toList();
    List<GridShape> shapes = scans.stream().map(scan -> scan.grid().shape()).toList();
    return Planning.spacing(spacings, shapes, request.preprocess().spacing());
  }

  private static long memory(RawScan scan, Spacing target) {
    GridShape shape = scan.grid().shape();
    return CasePreparation.memoryBytes(
        shape, shape, scan.grid().spacing(), target, scan.channels());
  }

  private void checkMemory(List<RawScan> scans, Spacing spacing) {
    List<String> tooLarge = new ArrayList<>();
    for (RawScan scan : scans) {
      long needed = memory(scan, spacing);
      if (needed > memoryBytes) {
        tooLarge.add(
            "case %s: %s at %s needs %d MiB at spacing %s"
                .formatted(
                    scan.id(), scan.grid().shape(), scan.grid().spacing(), needed / MIB, spacing));
      }
    }
    if (!tooLarge.isEmpty()) {
      throw new PermanentStepException(
          "preprocess: expected every case to fit the memory budget of %d MiB but:%n  - %s%nRaise resources.memory, choose a coarser preprocess.spacing or crop these scans."
              .formatted(memoryBytes / MIB, String.join("\n  - ", tooLarge)));
    }
  }

  private void checkDisk(List<CaseFacts> facts, PreparationPlan plan) throws IOException {
    long needed = DISK_RESERVE_BYTES;
    for (CaseFacts one : facts) {
      needed += preparedVoxels(one, plan) * (request.modalities().size() * 4L + 1);
    }
    long free = Files.getFileStore(context.output()).getUsableSpace();
    if (needed > free) {
      throw new PermanentStepException(
          "preprocess: expected %d MiB free on the disk of %s but there are %d MiB; make room or choose a coarser preprocess.spacing"
              .formatted(needed / MIB, context.output(), free / MIB));
    }
  }

  private static long preparedVoxels(CaseFacts facts, PreparationPlan plan) {
    return Resampler.shapeAt(facts.crop().shape(), facts.spacing(), plan.spacing()).voxels();
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

  private void prepareAll(
      CaseQueue queue, List<RawScan> scans, List<CaseFacts> facts, PreparationPlan plan)
      throws IOException {
    List<Checked> checked = new ArrayList<>();
    for (int index = 0; index < scans.size(); index++) {
      checked.add(new Checked(scans.get(index), facts.get(index)));
    }
    int threads = Math.max(1, context.resources().threads() / scans.size());
    CasePreparation preparation = new CasePreparation(plan, threads);
    queue.run(
        "cases prepared",
        checked,
        one -> memory(one.scan(), plan.spacing()),
        one -> {
          String recipe = recipe(one.facts(), plan);
          if (!takeEarlier(one.facts().id(), recipe)) {
            preparation.prepare(one.scan(), one.facts(), recipe, target);
          }
          return one.facts().id();
        });
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
    context.listener().note("case " + id + " was taken from an earlier attempt");
    return true;
  }

  /** Everything besides the raw voxels on which a prepared case depends. */
  private static String recipe(CaseFacts facts, PreparationPlan plan) {
    String text =
        facts.id() + facts.shape() + facts.spacing() + facts.crop() + facts.voxels() + plan;
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static StepResult result(List<CaseFacts> facts, PreparationPlan plan) {
    double voxels = 0;
    for (CaseFacts one : facts) {
      voxels += preparedVoxels(one, plan);
    }
    return new StepResult(
        Map.of("preprocess.cases", (double) facts.size(), "preprocess.voxels", voxels),
        List.of("plan.json", "prepared.json"));
  }
}
