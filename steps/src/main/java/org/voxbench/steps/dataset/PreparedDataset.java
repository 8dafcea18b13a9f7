package org.voxbench.steps.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.PermanentStepException;

/** The output of the preprocess step: cases ready for training and prediction. */
public final class PreparedDataset {

  private final PreparedFiles.Manifest manifest;
  private final PreparationPlan plan;
  private final List<PreparedCase> cases;
  private final Quarantine quarantine;

  private PreparedDataset(
      PreparedFiles.Manifest manifest,
      PreparationPlan plan,
      List<PreparedCase> cases,
      Quarantine quarantine) {
    this.manifest = manifest;
    this.quarantine = quarantine;
    this.plan = plan;
    this.cases = List.copyOf(cases);
  }

  /**
   * Opens a published folder and verifies the checksum of every file in it, once.
   *
   * @throws PermanentStepException naming every missing or damaged case and file
   */
  public static PreparedDataset open(Path folder) throws IOException {
    PreparedFiles files = new PreparedFiles(folder);
    PreparedFiles.Manifest manifest = files.manifest();
    List<PreparedCase> cases = new ArrayList<>();
    List<String> damaged = Collections.synchronizedList(new ArrayList<>());
    manifest.cases().keySet().parallelStream()
        .forEach(id -> files.damage(id, manifest).ifPresent(damaged::add));
    if (!damaged.isEmpty()) {
      throw new PermanentStepException(
          "%s: expected intact prepared cases but found:%n  %s%nRun preprocess again: it rebuilds these and keeps the others."
              .formatted(folder, String.join("\n  ", damaged.stream().sorted().toList())));
    }
    PreparationPlan plan = files.plan(manifest);
    for (String id : manifest.cases().keySet()) {
      cases.add(files.open(id, plan));
    }
    return new PreparedDataset(manifest, plan, cases, Quarantine.read(folder));
  }

  /** Spacing, normalisation and median shape all cases share. */
  public PreparationPlan plan() {
    return plan;
  }

  /** Names of the image channels, in order. */
  public List<String> modalities() {
    return manifest.modalities();
  }

  /** Names of the foreground classes by number, ascending. */
  public Map<Integer, String> labels() {
    return Collections.unmodifiableMap(new TreeMap<>(manifest.labels()));
  }

  /** The cases that were unfit to be prepared. */
  public Quarantine quarantine() {
    return quarantine;
  }

  /** All cases in order of their id. */
  public List<PreparedCase> cases() {
    return cases;
  }

  /**
   * One case.
   *
   * @throws PermanentStepException listing the cases there are, when there is none of this id
   */
  public PreparedCase find(String id) {
    return cases.stream()
        .filter(candidate -> candidate.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new PermanentStepException(
                    "case %s: expected one of the prepared cases %s; mend the split or prepare this case too"
                        .formatted(id, cases.stream().map(PreparedCase::id).toList())));
  }
}
