package org.voxbench.steps.train;

/** Loss or gradient stopped being finite numbers. */
final class DivergedException extends Exception {

  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
