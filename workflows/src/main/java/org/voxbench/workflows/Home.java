package org.voxbench.workflows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.voxbench.steps.StepName;

/**
 * The folder that holds all state: the only class that knows what lies where in it.
 *
 * <pre>
 * runs/RUN/run.json, experiment.json, experiment.yaml   one run: the truth
 * runs/RUN/lineage.json                                 what was made from what
 * runs/RUN/log.jsonl                                    what was logged about it
 * runs/RUN/STEP/attempt-N/                              one attempt of one step
 * store/STEP/FINGERPRINT/                               published outputs, shared between runs
 * store/shared/STEP/                                    parts that attempts share, by content
 * index.mv.db                                           H2: an index of the above
 * artifacts/                                            what the tracking server holds
 * tracking/                                             notes: what servers were told of sweeps and
 *                                                       why not all, imports and exports under way
 * natives/                                              libtorch, unpacked once
 * spare                                                 room for last words on a full disk
 * </pre>
 */
public record Home(Path root) {

  /** The folder, below the one that a command is called in, where no other is named. */
  public static final String DEFAULT = "voxbench-home";

  /** Takes the folder as an absolute path. */
  public Home {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes the folder where it is missing and proves that it can be written to.
   *
   * @throws IllegalArgumentException saying what to do when it cannot
   */
  public Home prepared() {
    try {
      for (Path folder : new Path[] {runs(), store(), artifacts(), natives()}) {
        Files.createDirectories(folder);
      }
      Files.delete(Files.createTempFile(root, "probe", ".tmp"));
      return this;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "home folder "
              + root
              + ": expected a folder that can be written to but found "
              + e.getClass().getSimpleName()
              + " ("
              + e.getMessage()
              + "). Give another one with --home DIR, or mend its owner and permissions.",
          e);
    }
  }

  /** What a command shown to a user ends with, so that it finds this folder: often nothing. */
  public String option() {
    String folder = root.toString();
    return equals(new Home(Path.of(DEFAULT)))
        ? ""
        : " --home " + (folder.contains(" ") ? "'" + folder + "'" : folder);
  }

  public Path runs() {
    return root.resolve("runs");
  }

  public Path run(String id) {
    return runs().resolve(id);
  }

  /** What the coordinator logged about a run, as JSON lines. */
  public Path log(String id) {
    return run(id).resolve("log.jsonl");
  }

  /** What a run made from what, as OpenLineage has it. */
  public Path lineage(String id) {
    return run(id).resolve("lineage.json");
  }

  public Path store() {
    return root.resolve("store");
  }

  /**
   * What the attempts of a step have in common. Taking it away never harms an output; later runs
   * take more time.
   */
  public Path shared(StepName step) {
    return store().resolve("shared").resolve(step.key());
  }

  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** Notes on tracking servers. */
  public Path tracking() {
    return root.resolve("tracking");
  }

  /** Notes of uploads that are under way; losing them costs time only. */
  public Path uploads() {
    return tracking().resolve("uploads");
  }

  /** Notes of imports and exports that are under way; losing them costs time only. */
  public Path transfers() {
    return tracking().resolve("transfers");
  }

  public Path natives() {
    return root.resolve("natives");
  }

  /** The H2 file's name without its ending, as the JDBC URL wants it. */
  public Path index() {
    return root.resolve("index");
  }

  /** Held locked by the one coordinator of this folder. */
  public Path lock() {
    return root.resolve("coordinator.lock");
  }

  /** Where the coordinator can be reached while it lives. */
  public Path coordinator() {
    return root.resolve("coordinator.json");
  }

  /** Makes the folder of a new run: the experiment's name and the first free number. */
  public String claimRunId(String experiment) {
    int number = 1;
    while (!claimed(run(experiment + "-" + number))) {
      number++;
    }
    return experiment + "-" + number;
  }

  private static boolean claimed(Path folder) {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
