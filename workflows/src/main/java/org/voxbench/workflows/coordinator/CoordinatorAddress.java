package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;

/** Where a living coordinator can be reached: the content of {@code coordinator.json}. */
public record CoordinatorAddress(URI address, long pid) {

  /** The coordinator of a home folder, unless it left no address. */
  public static Optional<CoordinatorAddress> of(Home home) throws IOException {
    return Files.exists(home.coordinator())
        ? Optional.of(Json.MAPPER.readValue(home.coordinator().toFile(), CoordinatorAddress.class))
        : Optional.empty();
  }
}
