package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where one part goes. Headers that say who is calling are left out: the tracking server gets our
 * own credentials with each request, and nobody else any.
 */
record PartPlace(URI url, Map<String, String> headers) {

  private static final Set<String> OF_A_CALLER =
      Set.of("authorization", "proxy-authorization", "x-voxbench-token", "cookie");
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");
  private static final String OWN = "/api/2.0/mlflow-artifacts/mpu/parts/";

  PartPlace {
    headers = Map.copyOf(headers);
    // Throws where no request can be made of them.
    HttpRequest.Builder unused = request(url, headers);
  }

  /**
   * Reads it from the server's answer, or from a note.
   *
   * @throws IllegalArgumentException when no request can go there
   */
  static PartPlace of(JsonNode credential) {
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> header : credential.path("headers").properties()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!OF_A_CALLER.contains(name) && !OF_THE_CONNECTION.contains(name)) {
        headers.put(header.getKey(), header.getValue().asText());
      }
    }
    return new PartPlace(URI.create(credential.path("url").asText()), headers);
  }

  private static HttpRequest.Builder request(URI url, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    headers.forEach(request::header);
    return request;
  }

  /** A request to a store that is not the tracking server. */
  HttpRequest.Builder request() {
    return request(url, headers);
  }

  ObjectNode json() {
    ObjectNode json = Rest.JSON.createObjectNode().put("url", url.toString());
    ObjectNode named = json.putObject("headers");
    new TreeMap<>(headers).forEach(named::put);
    return json;
  }

  /** Whether the tracking server takes this part itself. */
  boolean isOwn() {
    return url.getRawPath() != null && url.getRawPath().contains(OWN);
  }

  /**
   * The address of a part that the tracking server takes itself. Behind a proxy that ends TLS or
   * adds a prefix the server does not know its own, so that the one we know is used.
   */
  URI own(String host) {
    String path = url.getRawPath();
    return URI.create(host + path.substring(path.indexOf(OWN)));
  }
}
