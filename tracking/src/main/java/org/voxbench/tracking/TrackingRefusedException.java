package org.voxbench.tracking;

/**
 * The server understood the call and will never accept it, such as a parameter with a second value
 * or a key with a forbidden character. Retrying is useless: tell the user and go on behind it.
 */
public final class TrackingRefusedException extends TrackingException {

  private static final long serialVersionUID = 1;

  TrackingRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  TrackingRefusedException(String message) {
    super(message);
  }
}
