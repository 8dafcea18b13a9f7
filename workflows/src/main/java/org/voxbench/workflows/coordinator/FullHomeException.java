package org.voxbench.workflows.coordinator;

/** The disk of a home folder is so full that not even its index can be opened. */
public final class FullHomeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FullHomeException(String refusal, Throwable cause) {
    super(refusal, cause);
  }
}
