package org.voxbench.tracking;

/** Why nothing, or not everything, of a call reached the tracking server; see the two kinds. */
public abstract sealed class TrackingException extends Exception
    permits TrackingUnavailableException, TrackingRefusedException {

  private static final long serialVersionUID = 1;

  TrackingException(String message, Throwable cause) {
    super(message, cause);
  }

  TrackingException(String message) {
    super(message);
  }
}
