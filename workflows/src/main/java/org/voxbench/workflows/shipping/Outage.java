package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.workflows.Home;

/** Why a server was not told all, kept for those who ask from another process. */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private Outage() {}

  private static Path file(Home home, String notes) {
    return home.tracking().resolve(notes + ".problem");
  }

  /** Writes a problem down where it is another one than before; none takes the file away. */
  static void keep(Home home, String notes, String problem) {
    Path file = file(home, notes);
    try {
      if (problem.isEmpty()) {
        Files.deleteIfExists(file);
      } else if (!Files.exists(file) || !Files.readString(file).equals(problem)) {
        Files.createDirectories(home.tracking());
        AtomicFiles.write(file, problem.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException full) {
      LOG.debug("the problem of {} is not written down: {}", notes, full.getMessage());
    }
  }

  /** The problem with a server, of points first; empty where there is none. */
  static String read(Home home, String server) throws IOException {
    for (String notes : new String[] {server, server + "-files"}) {
      if (Files.exists(file(home, notes))) {
        return Files.readString(file(home, notes));
      }
    }
    return "";
  }
}
