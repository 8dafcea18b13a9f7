package org.voxbench.tracking.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Where the files of a model version lie. Only folders of this server's own runs and logged models
 * can be named, so that a version never leads a reader to a file the server did not place.
 */
final class ModelSource {

  private static final Pattern RUN = Pattern.compile("runs:/([0-9a-f]{32})/(.+)");
  private static final Pattern LOGGED = Pattern.compile("models:/(m-[0-9a-f]{32})/?");
  private static final Pattern VERSION = Pattern.compile("models:/([^/@]+)/(\\d{1,18})");

  private ModelSource() {}

  /**
   * The place as {@code mlflow-artifacts:/...}.
   *
   * @param run the run that the request names, or empty
   */
  static String location(Handle handle, String source, String run) {
    Matcher ofRun = RUN.matcher(source);
    if (ofRun.matches()) {
      String path = ArtifactPath.checked(trimmed(ofRun.group(2)));
      String owner = ofRun.group(1);
      return within(run, owner, root(handle, owner) + "/" + path);
    }
    Matcher logged = LOGGED.matcher(source);
    if (logged.matches()) {
      return LoggedModelRows.location(handle, logged.group(1));
    }
    Matcher version = VERSION.matcher(source);
    if (version.matches()) {
      return ModelVersionRows.location(handle, version.group(1), Long.parseLong(version.group(2)));
    }
    if (source.startsWith(ArtifactPath.SCHEME)) {
      ArtifactPath path = ArtifactPath.of(trimmed(source.substring(ArtifactPath.SCHEME.length())));
      return within(run, path.run(), ArtifactPath.SCHEME + path.whole());
    }
    throw ApiException.invalid(
        "Invalid model version source: '"
            + source
            + "'. Expected runs:/RUN/PATH, models:/m-ID, models:/NAME/VERSION or the artifact URI"
            + " of a run of this server");
  }

  private static String trimmed(String path) {
    return path.replaceFirst("^/+", "").replaceFirst("/+$", "");
  }

  private static String within(String run, String owner, String location) {
    if (!run.isEmpty() && !owner.equals(run) && !owner.startsWith("m-")) {
      throw ApiException.invalid(
          "Invalid model version source: it lies in run "
              + owner
              + " but the request names run "
              + run);
    }
    return location;
  }

  private static String root(Handle handle, String run) {
    String experiment =
        handle
            .createQuery("SELECT experiment_id FROM tracking.run WHERE id = ?")
            .bind(0, run)
            .mapTo(String.class)
            .findOne()
            .orElseThrow(() -> RunRows.unknown(run));
    return ArtifactPath.SCHEME + ArtifactPath.ofRun(experiment, run);
  }
}
