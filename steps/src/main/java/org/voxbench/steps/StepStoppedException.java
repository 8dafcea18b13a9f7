package org.voxbench.steps;

/** The step stopped because it was asked to; what it had computed is saved. */
public final class StepStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StepStoppedException(String message) {
    super(message);
  }

  public StepStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
