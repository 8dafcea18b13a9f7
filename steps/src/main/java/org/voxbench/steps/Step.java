package org.voxbench.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One of the six steps: reads the outputs of earlier steps, writes its own, tells how it goes.
 *
 * <p>A step must be a function of its request and its inputs: the same two give the same output
 * files, byte for byte, so that an output can be reused by fingerprint. Clocks, host names and
 * absolute paths therefore never enter an output (the report is the one exception).
 *
 * @param <C> the request: a record of exactly those settings on which the output depends
 */
public interface Step<C> {

  /** The step's place in the chain. */
  StepName name();

  /** Raised whenever the same request and inputs would give other output than before. */
  int version();

  /** The request's record type, read from JSON. */
  Class<C> requestType();

  /** The earlier steps whose outputs this one reads. */
  Set<StepName> inputs();

  /**
   * Files and folders outside the home folder that this step reads. Their content is part of the
   * fingerprint.
   */
  default List<Path> externalInputs(C request) {
    return List.of();
  }

  /**
   * Does the work. Output goes to {@link StepContext#output()} and nowhere else, save for parts put
   * into {@link StepContext#shared()}.
   *
   * @throws TransientStepException when a later attempt may succeed unchanged
   * @throws PermanentStepException when somebody has to mend something first
   * @throws StepStoppedException after state was saved because a stop was asked for
   */
  StepResult run(C request, StepContext context) throws IOException;
}
