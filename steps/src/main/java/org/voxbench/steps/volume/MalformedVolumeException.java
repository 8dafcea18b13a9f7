package org.voxbench.steps.volume;

import java.io.IOException;

/**
 * A file that is not the volume it claims to be. The message names the file, what was expected,
 * what was found and how to mend it.
 */
public final class MalformedVolumeException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedVolumeException(String message) {
    super(message);
  }

  MalformedVolumeException(String message, Throwable cause) {
    super(message, cause);
  }
}
