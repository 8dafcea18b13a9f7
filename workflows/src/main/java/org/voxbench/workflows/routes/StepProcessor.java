package org.voxbench.workflows.routes;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.run.StepRunner;

/** Hands a run to the step runner when its route is reached. */
final class StepProcessor implements Processor {

  private final StepRunner runner;
  private final StepName step;

  StepProcessor(StepRunner runner, StepName step) {
    this.runner = runner;
    this.step = step;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    runner.run(StepRoutes.id(exchange), step);
  }
}
