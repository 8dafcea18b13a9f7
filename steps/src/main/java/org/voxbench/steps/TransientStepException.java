package org.voxbench.steps;

/** A failure that may pass by itself: a network that did not answer, a busy disk. It is retried. */
public final class TransientStepException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TransientStepException(String message) {
    super(message);
  }

  public TransientStepException(String message, Throwable cause) {
    super(message, cause);
  }
}
