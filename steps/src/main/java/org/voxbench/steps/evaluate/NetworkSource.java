package org.voxbench.steps.evaluate;

import java.io.IOException;
import org.voxbench.steps.StepContext;

/** Opens the network that an evaluation predicts with. */
@FunctionalInterface
interface NetworkSource {

  OpenNetwork open(StepContext context, EvaluateConfig config) throws IOException;
}
