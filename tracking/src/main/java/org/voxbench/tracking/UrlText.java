package org.voxbench.tracking;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Text in addresses, percent-encoded as RFC 3986 has it: a blank is {@code %20}, never a plus. */
final class UrlText {

  private UrlText() {}

  /** One part of a path, or one value of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path, whose slashes stay. */
  static String path(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(UrlText::encoded)
        .collect(Collectors.joining("/"));
  }
}
