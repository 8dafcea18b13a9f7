package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.tracking.Credentials;
import org.voxbench.workflows.Json;

/**
 * Which server besides the embedded one a run is told to: that of its {@code tracking.uri}, else
 * that of {@code MLFLOW_TRACKING_URI} when it was asked for, else none. It stands in the run's
 * folder from then on. Credentials are MLflow's own variables; where {@code MLFLOW_TRACKING_URI} is
 * set they go to that host alone.
 */
public final class TrackingTarget {

  private static final String FILE = "tracking.json";
  private static final String VARIABLE = "MLFLOW_TRACKING_URI";

  private final Map<String, String> environment;

  /** Takes the variables of a process. */
  public TrackingTarget(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Settles the server of a run.
   *
   * @param own its {@code tracking.uri}
   * @throws IllegalArgumentException when the address is none, or the credentials contradict each
   *     other
   */
  public void keep(Path runFolder, Optional<String> own) throws IOException {
    String uri = own.orElse(environment.getOrDefault(VARIABLE, "").strip());
    // Paths and sqlite: name a store of files, which MLflow's Python client alone can write.
    boolean server = uri.startsWith("http:") || uri.startsWith("https:");
    if (own.isPresent() || server) {
      target(uri).connect(TrackingShipper.PACE, runFolder).close();
      AtomicFiles.write(runFolder.resolve(FILE), Json.MAPPER.writeValueAsBytes(Map.of("uri", uri)));
    }
  }

  /** The server that the run in this folder is told to, or null for none but the embedded one. */
  @Nullable Target of(Path runFolder) throws IOException {
    Path file = runFolder.resolve(FILE);
    return Files.exists(file)
        ? target(Json.MAPPER.readTree(file.toFile()).path("uri").asText())
        : null;
  }

  private Target target(String uri) {
    URI address = address("tracking.uri", uri);
    return Target.remote(address, credentials(address));
  }

  /** What this server is shown of the environment's credentials. */
  public Credentials credentials(URI server) {
    String named = environment.getOrDefault(VARIABLE, "").strip();
    boolean elsewhere =
        named.startsWith("http")
            && !String.valueOf(address(VARIABLE, named).getAuthority())
                .equals(String.valueOf(server.getAuthority()));
    return elsewhere ? Credentials.none() : Credentials.fromEnvironment(environment);
  }

  private static URI address(String what, String uri) {
    try {
      return new URI(uri);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          what
              + ": expected an address such as http://127.0.0.1:5000 but found \""
              + uri
              + "\": "
              + malformed.getReason(),
          malformed);
    }
  }
}
