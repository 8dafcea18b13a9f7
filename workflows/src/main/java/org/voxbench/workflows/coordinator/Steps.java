package org.voxbench.workflows.coordinator;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.steps.checkpoint.PublishCheckpoint;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.evaluate.Evaluate;
import org.voxbench.steps.preprocess.Preprocess;
import org.voxbench.steps.report.Report;
import org.voxbench.steps.train.Train;
import org.voxbench.workflows.run.StepCatalogue;

/** The six steps. */
public final class Steps {

  private Steps() {}

  /**
   * All of them.
   *
   * @param natives where libtorch is unpacked, once; only a worker's steps go there
   */
  public static StepCatalogue all(Path natives) {
    return new StepCatalogue(
        List.of(
            new Download(),
            new Preprocess(),
            new Train(natives),
            new PublishCheckpoint(),
            new Evaluate(natives),
            new Report()));
  }

  /** The version of each step: part of what identifies a configuration. */
  public static Map<String, Integer> versions() {
    StepCatalogue all = all(Path.of(""));
    Map<String, Integer> versions = new TreeMap<>();
    for (StepName name : StepName.values()) {
      versions.put(name.key(), all.step(name).version());
    }
    return versions;
  }
}
