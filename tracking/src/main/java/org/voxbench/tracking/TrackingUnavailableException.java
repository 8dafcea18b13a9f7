package org.voxbench.tracking;

/**
 * The server could not be reached, was too slow, failed, or did not accept the credentials. The
 * same call may succeed later, and making it again is harmless: keep the offset and come back.
 */
public final class TrackingUnavailableException extends TrackingException {

  private static final long serialVersionUID = 1;

  TrackingUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  TrackingUnavailableException(String message) {
    super(message);
  }
}
