package org.voxbench.workflows.web;

/** Takes a route such as {@code GET /runs/{id}} apart so that a test can knock there. */
final class Routes {

  private Routes() {}

  static String method(String route) {
    return route.substring(0, route.indexOf(' '));
  }

  static String path(String route) {
    return route
        .substring(route.indexOf(' ') + 1)
        .replaceAll("[{<][a-z]+[}>]", "x")
        .replace("*", "x");
  }
}
