package org.voxbench.workflows.config;

/**
 * One thing the user has to mend.
 *
 * @param location where it stands, or where a missing key belongs
 * @param path dotted path of the setting, such as {@code train.optimizer.learningRate}; empty when
 *     the whole file is meant
 * @param expected what would be right, such as {@code a number above 0}
 * @param found what stands there instead
 * @param remedy how to mend it, such as {@code did you mean learningRate?}; empty when the
 *     expectation says it all
 */
public record Problem(
    Location location, String path, String expected, String found, String remedy) {

  /** {@code file:line:column: path: expected ... but found ... (remedy)}. */
  @Override
  public String toString() {
    String text =
        location
            + ": "
            + (path.isEmpty() ? "" : Wording.shortenedPath(path) + ": ")
            + "expected "
            + expected
            + " but found "
            + found
            + (remedy.isEmpty() ? "" : " (" + remedy + ")");
    // A file may hold anything; a terminal must not obey it.
    return Wording.printable(text);
  }
}
