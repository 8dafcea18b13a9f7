package org.voxbench.tracking.transfer;

/** The user asked to stop; what was copied stays copied. */
final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  StoppedException() {
    super("stopped on request");
  }
}
