package org.voxbench.workflows.cli;

import java.nio.file.Path;
import java.util.List;
import org.voxbench.steps.checkpoint.PublishCheckpoint;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.evaluate.Evaluate;
import org.voxbench.steps.preprocess.Preprocess;
import org.voxbench.steps.report.Report;
import org.voxbench.steps.train.Train;
import org.voxbench.workflows.run.StepCatalogue;

/** The six steps. */
final class Steps {

  private Steps() {}

  /**
   * All of them.
   *
   * @param natives where libtorch is unpacked, once; only a worker's steps go there
   */
  static StepCatalogue all(Path natives) {
    return new StepCatalogue(
        List.of(
            new Download(),
            new Preprocess(),
            new Train(natives),
            new PublishCheckpoint(),
            new Evaluate(natives),
            new Report()));
  }
}
