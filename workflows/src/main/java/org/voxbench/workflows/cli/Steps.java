package org.voxbench.workflows.cli;

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

  static StepCatalogue all() {
    return new StepCatalogue(
        List.of(
            new Download(),
            new Preprocess(),
            new Train(),
            new PublishCheckpoint(),
            new Evaluate(),
            new Report()));
  }
}
