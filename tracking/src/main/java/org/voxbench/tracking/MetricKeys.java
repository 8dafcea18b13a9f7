package org.voxbench.tracking;

import java.util.regex.Pattern;

/** MLflow's rules for keys of metrics, parameters and tags. */
public final class MetricKeys {

  private static final int LONGEST = 250;
  private static final Pattern FORBIDDEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_\\-. :/]");

  private MetricKeys() {}

  /** The key itself where MLflow takes it, else the nearest one that it takes. */
  public static String accepted(String key) {
    String clean = FORBIDDEN.matcher(key).replaceAll("_");
    if (clean.length() > LONGEST) {
      String hash = String.format("~%08x", key.hashCode()).replace('~', '_');
      clean = clean.substring(0, LONGEST - hash.length()) + hash;
    }
    StringBuilder path = new StringBuilder();
    for (String part : clean.split("/", -1)) {
      boolean odd = part.isEmpty() || part.equals(".") || part.equals("..");
      path.append(path.isEmpty() ? "" : "/").append(odd ? "_" : part);
    }
    return path.toString();
  }
}
