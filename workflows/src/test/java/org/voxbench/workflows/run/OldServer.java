package org.voxbench.workflows.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** A tracking server that lacks some endpoints, and remembers what credentials it was shown. */
final class OldServer implements AutoCloseable {

  private final URI server;
  private final List<String> unknown;
  private final HttpServer proxy;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();

  OldServer(URI server, List<String> unknown) throws IOException {
    this.server = server;
    this.unknown = unknown;
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::handle);
    proxy.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  Set<String> authorizations() {
    return authorizations;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String target = exchange.getRequestURI().toString();
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(shown == null ? "none" : shown);
    if (unknown.stream().anyMatch(target::contains)) {
      answer(
          exchange,
          404,
          "<!doctype html><title>404 Not Found</title>".getBytes(StandardCharsets.UTF_8));
      return;
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + target))
            .header("Content-Type", "application/json")
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    if (shown != null) {
      request.header("Authorization", shown);
    }
    try {
      HttpResponse<byte[]> known = http.send(request.build(), BodyHandlers.ofByteArray());
      answer(exchange, known.statusCode(), known.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    proxy.stop(0);
  }
}
