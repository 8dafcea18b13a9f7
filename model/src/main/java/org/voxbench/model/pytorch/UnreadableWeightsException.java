package org.voxbench.model.pytorch;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A weights file that is damaged, of another kind, or asks for something that is not allowed. The
 * message names the file, the place in it, what was found, and the cure.
 */
public final class UnreadableWeightsException extends IOException {

  private static final long serialVersionUID = 1;

  UnreadableWeightsException(Path file, String what) {
    super(file + ": " + what);
  }

  UnreadableWeightsException(Path file, String what, Throwable cause) {
    super(file + ": " + what, cause);
  }

  /** A failure whose message names file and place already. */
  UnreadableWeightsException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
