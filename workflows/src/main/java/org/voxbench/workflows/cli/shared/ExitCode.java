package org.voxbench.workflows.cli.shared;

/** What the process says to its shell. */
public final class ExitCode {

  public static final int DONE = 0;

  /** A run failed, or something was found to be wrong. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration. */
  public static final int USAGE = 2;

  /** Stopped on request; what was computed is saved. */
  public static final int STOPPED = 130;

  private ExitCode() {}
}
