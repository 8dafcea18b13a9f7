package org.voxbench.tracking;

/**
 * The server understood the call and will never accept it, such as a parameter with a second value
 * or a key with a forbidden character. Retrying is useless: tell the user and go on behind it.
 */
public final class TrackingRefusedException extends TrackingException {

  private static final long serialVersionUID = 1;

  private final boolean missing;

  TrackingRefusedException(String message, Throwable cause, boolean missing) {
    super(message, cause);
    this.missing = missing;
  }

  TrackingRefusedException(String message, Throwable cause) {
    this(message, cause, false);
  }

  TrackingRefusedException(String message) {
    super(message);
    missing = false;
  }

  /** Whether what the call is about, such as the run, is not on the server any more. */
  public boolean isMissing() {
    return missing;
  }
}
