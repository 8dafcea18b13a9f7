package org.voxbench.tracking;

import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The run to open.
 *
 * @param experiment name of its experiment, which is made if missing
 * @param key the caller's own identity of the run: letters, digits and {@code _ - . :}, at most 200
 * @param name shown to people
 * @param started when it started
 * @param tags set when the run is made
 */
public record NewRun(
    String experiment, String key, String name, Instant started, Map<String, String> tags) {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.:-]{1,200}");

  public NewRun {
    if (experiment.isBlank()) {
      throw new IllegalArgumentException("experiment: expected a name but it was blank");
    }
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "run key: expected 1 to 200 letters, digits or _ . : - but was '" + key + "'");
    }
    tags = Map.copyOf(tags);
  }
}
