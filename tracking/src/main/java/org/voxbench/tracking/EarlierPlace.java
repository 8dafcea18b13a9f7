package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.mlflow.api.proto.Service.RunInfo;

/**
 * The artifacts of a run that was made while its server did not proxy them. MLflow keeps the place
 * of a run for good, so a server that was restarted with the same place as {@code
 * --artifacts-destination} still names it, and takes files for it all the same: at the end of that
 * address. Whether they arrive in the run is looked up.
 */
final class EarlierPlace {

  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";

  private final RunInfo run;
  private final Rest rest;
  private final String tail;
  private volatile boolean elsewhere;

  EarlierPlace(RunInfo run, Rest rest) {
    this.run = run;
    this.rest = rest;
    tail = run.getExperimentId() + "/" + run.getRunId() + "/artifacts";
    String uri = run.getArtifactUri();
    elsewhere =
        uri.startsWith("mlflow-artifacts:")
            || !uri.endsWith("/" + tail)
            || LocalArtifacts.folder(uri, rest.host()).isPresent();
  }

  /**
   * Stores a file.
   *
   * @return its digest; empty where the server takes no files for this place
   */
  Optional<String> put(ArtifactUpload upload, String path, Path file) throws TrackingException {
    if (elsewhere) {
      return Optional.empty();
    }
    String digest;
    try {
      digest = upload.put("mlflow-artifacts:/" + tail, path, file);
    } catch (TrackingRefusedException refused) {
      return Optional.empty();
    }
    if (holds(path, file.toFile().length())) {
      return Optional.of(digest);
    }
    elsewhere = true;
    rest.callAt(
        "taking back artifact " + path, "DELETE", PROXY + UrlText.path(tail + "/" + path), null);
    return Optional.empty();
  }

  private boolean holds(String path, long size) throws TrackingException {
    int end = path.lastIndexOf('/');
    String folder = end < 0 ? "" : "&path=" + UrlText.encoded(path.substring(0, end));
    String query = "artifacts/list?run_id=" + run.getRunId() + folder;
    for (JsonNode file : rest.call("listing artifacts", "GET", query, null).path("files")) {
      if (file.path("path").asText().equals(path) && file.path("file_size").asLong() == size) {
        return true;
      }
    }
    return false;
  }
}
