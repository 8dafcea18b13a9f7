package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.Store.Published;

/**
 * Tells the files of a run: configuration, what its steps hand out, scores by case as a table, and
 * the weights as a model that Python loads and the registry names.
 */
final class FileTeller implements Teller {

  private static final String MODEL = ModelFiles.FOLDER + "/data/model.pth";
  private static final String DESCRIPTION = ModelFiles.FOLDER + "/MLmodel";

  @Override
  public String suffix() {
    return "-files";
  }

  @Override
  public Told tell(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    Map<String, Path> files = smallFirst(content.artifacts());
    send(files, tracked, told, keep);
    table(content, tracked, told, keep);
    model(content, tracked, told, keep);
    return told.withState(RunContent.stamp(content.run()));
  }

  private static void table(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    Optional<Published> evaluated = content.published(StepName.EVALUATE);
    if (told.artifacts().containsKey(CaseTable.PATH)
        || evaluated.isEmpty()
        || !Files.exists(evaluated.get().output().resolve(CaseTable.SCORES))) {
      return;
    }
    Path table = Files.createTempFile("voxbench-cases", ".json");
    try {
      CaseTable.write(evaluated.get().output().resolve(CaseTable.SCORES), table);
      send(Map.of(CaseTable.PATH, table), tracked, told, keep);
      tracked.tags(Map.of("mlflow.loggedArtifacts", CaseTable.TAG));
    } finally {
      Files.deleteIfExists(table);
    }
  }

  private static void model(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    Optional<Published> checkpoint = content.published(StepName.CHECKPOINT);
    if (checkpoint.isEmpty()
        || !Files.exists(checkpoint.get().output().resolve("model.safetensors"))) {
      return;
    }
    if (!told.artifacts().containsKey(DESCRIPTION)) {
      try (ModelFiles files = ModelFiles.write(checkpoint.get().output())) {
        send(files.byPath(), tracked, told, keep);
      } catch (IllegalArgumentException unusable) {
        told.refuse("model: " + unusable.getMessage());
        return;
      }
    }
    boolean whole = !told.isRefused(MODEL) && !told.isRefused(DESCRIPTION);
    boolean done = told.once().contains(Told.REGISTERED);
    if (whole && !done && content.run().state() == RunState.SUCCEEDED) {
      try {
        Champion.tell(content, tracked).ifPresent(told::refuse);
      } catch (TrackingRefusedException refused) {
        told.refuse("registered model: " + refused.getMessage());
      }
      told.once().add(Told.REGISTERED);
      keep.keep(told);
    }
  }

  private static void send(Map<String, Path> files, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      if (!told.artifacts().containsKey(file.getKey()) && Files.exists(file.getValue())) {
        told.artifacts().put(file.getKey(), send(file.getKey(), file.getValue(), tracked, told));
        keep.keep(told);
      }
    }
  }

  /** Weights of hundreds of megabytes come behind all that is read at once. */
  private static Map<String, Path> smallFirst(Map<String, Path> files) {
    List<Map.Entry<String, Path>> sorted = new ArrayList<>(files.entrySet());
    sorted.sort(Comparator.comparing(file -> file.getValue().toFile().length() >> 20));
    Map<String, Path> ordered = new LinkedHashMap<>();
    sorted.forEach(file -> ordered.put(file.getKey(), file.getValue()));
    return ordered;
  }

  private static String send(String path, Path file, TrackedRun tracked, Told told)
      throws TrackingException {
    try {
      return tracked.artifact(path, file);
    } catch (TrackingRefusedException refused) {
      if (refused.isMissing()) {
        throw refused;
      }
      String reason = String.valueOf(refused.getMessage());
      told.refuse("artifact " + path + ": " + reason.replaceFirst("^storing artifact .*?: ", ""));
      String all = String.join("\n", Told.grouped(told.refused()));
      tracked.tags(Map.of("voxbench.refused_artifacts", all));
      return Told.REFUSED;
    }
  }
}
