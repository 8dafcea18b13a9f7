package org.voxbench.tracking.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A checked path below the artifact root: {@code <experiment>/<run>/artifacts/<path>}, or {@code
 * <experiment>/models/<model>/artifacts/<path>} for a logged model. Nothing else can be named, so
 * no request reaches a file that the server did not place.
 *
 * @param run id of the run or of the logged model that owns it
 * @param path below the owner's folder; empty for the folder itself
 */
record ArtifactPath(String experiment, String run, String path) {

  static final String SCHEME = "mlflow-artifacts:/";
  static final String RUN_URI_SQL =
      "('" + SCHEME + "' || r.experiment_id || '/' || r.id || '/artifacts')";

  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,18})/(?:models/(?=m-))?((?:m-)?[0-9a-f]{32})/artifacts(?:/(.*))?");

  /** A dot, slash or backslash encoded once or more often still. */
  private static final Pattern ENCODED = Pattern.compile("%(?:25)*(?:2[eEfF]|5[cC])");

  private static final int MAX_PART = 255;

  static String ofRun(String experiment, String run) {
    return experiment + "/" + run + "/artifacts";
  }

  static String ofModel(String experiment, String model) {
    return experiment + "/models/" + model + "/artifacts";
  }

  boolean isOfModel() {
    return run.startsWith("m-");
  }

  static ArtifactPath of(String whole) {
    Matcher matcher = SHAPE.matcher(whole);
    boolean odd = whole.contains("/m-") && !whole.contains("/models/m-");
    if (!matcher.matches() || (odd && matcher.group(2).startsWith("m-"))) {
      throw invalid();
    }
    String path = matcher.group(3);
    return new ArtifactPath(matcher.group(1), matcher.group(2), checked(path == null ? "" : path));
  }

  /**
   * Refuses whatever could leave the folder, also when a second decoding would be needed for it.
   */
  static String checked(String path) {
    if (path.isEmpty()) {
      return path;
    }
    if (ENCODED.matcher(path).find()) {
      throw invalid();
    }
    for (String part : path.split("/", -1)) {
      boolean bad = part.isEmpty() || part.equals(".") || part.equals("..");
      if (bad || part.length() > MAX_PART || part.indexOf('\\') >= 0 || hasControl(part)) {
        throw invalid();
      }
    }
    return path;
  }

  private static boolean hasControl(String part) {
    return part.chars().anyMatch(Character::isISOControl);
  }

  // The path is not repeated: whoever sends such a thing knows it.
  static ApiException invalid() {
    return ApiException.invalid("Invalid path");
  }

  /** The whole as a part of an address. */
  String encoded() {
    return Arrays.stream(whole().split("/", -1))
        .map(ArtifactPath::encoded)
        .collect(Collectors.joining("/"));
  }

  /** One name as a part of an address or header: a blank is {@code %20}, never a plus. */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String whole() {
    String folder = isOfModel() ? ofModel(experiment, run) : ofRun(experiment, run);
    return path.isEmpty() ? folder : folder + "/" + path;
  }
}
