package org.voxbench.workflows.run;

/** The workers of a step died again and again: the run is taken out of the queue. */
public final class ParkedException extends RuntimeException {

  /** So many deaths in a row are no bad luck any more. */
  public static final int DEATHS = 3;

  private static final long serialVersionUID = 1L;

  ParkedException(String message) {
    super(message);
  }

  static String reason(String run, String step, int deaths) {
    return "step "
        + step
        + ": "
        + deaths
        + " workers in a row died without a word (killed, or out of memory); parked so that it"
        + " harms no other run. Give it more memory (resources.memory) or mend the cause, then:"
        + " voxbench retry "
        + run;
  }
}
