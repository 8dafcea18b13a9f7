package org.voxbench.ui;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Addresses of the pages; ids and file names may hold any character. */
final class Address {

  private Address() {}

  static String run(String id) {
    return "/runs/" + encoded(id);
  }

  static String data(String id) {
    return "/api/runs/" + encoded(id);
  }

  static String file(String id, String path) {
    return run(id)
        + "/files/"
        + Arrays.stream(path.split("/", -1)).map(Address::encoded).collect(Collectors.joining("/"));
  }

  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
