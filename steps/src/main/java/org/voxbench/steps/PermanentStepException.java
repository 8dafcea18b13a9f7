package org.voxbench.steps;

/**
 * A failure that stays until somebody mends something: bad data, a full disk, an impossible
 * setting. It is not retried. The message says where, what was expected, what was found and how to
 * mend it.
 */
public final class PermanentStepException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PermanentStepException(String message) {
    super(message);
  }

  public PermanentStepException(String message, Throwable cause) {
    super(message, cause);
  }
}
