package org.voxbench.steps;

/**
 * Whether the attempt was asked to stop (Ctrl-C, walltime, preemption). A step asks between units
 * of work, saves what it has and throws {@link StepStoppedException}.
 */
@FunctionalInterface
public interface StopSignal {

  /** True from the moment a stop was asked for. */
  boolean requested();

  /** Throws when a stop was asked for; for units of work after which nothing needs saving. */
  default void check() {
    if (requested()) {
      throw new StepStoppedException("stopped on request");
    }
  }
}
