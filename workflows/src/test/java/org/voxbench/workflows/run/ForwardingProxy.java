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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a tracking server; what it does with a request is up to its rule. */
final class ForwardingProxy implements AutoCloseable {

  private static final List<String> HEADERS =
      List.of("Authorization", "Content-Type", "Repr-Digest");

  /** What becomes of one request, whose body was read. */
  @FunctionalInterface
  interface Rule {
    void handle(ForwardingProxy proxy, HttpExchange exchange, byte[] body) throws IOException;
  }

  private final URI server;
  private final HttpServer proxy;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient http = HttpClient.newHttpClient();

  ForwardingProxy(URI server, Rule rule) throws IOException {
    this.server = server;
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(threads);
    proxy.createContext(
        "/", exchange -> rule.handle(this, exchange, exchange.getRequestBody().readAllBytes()));
    proxy.start();
  }

  /** Before a server as if it lacked some endpoints. */
  static ForwardingProxy lacking(List<String> endpoints, URI server) throws IOException {
    return new ForwardingProxy(
        server,
        (proxy, exchange, body) -> {
          if (endpoints.stream().anyMatch(exchange.getRequestURI().toString()::contains)) {
            answer(exchange, 404, "<!doctype html><title>404 Not Found</title>");
          } else {
            proxy.pass(exchange, body);
          }
        });
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  /** Has the server do as asked, and answers what it answers. */
  void pass(HttpExchange exchange, byte[] body) throws IOException {
    HttpResponse<byte[]> answer = forward(exchange, body);
    answer
        .headers()
        .firstValue("Repr-Digest")
        .ifPresent(digest -> exchange.getResponseHeaders().set("Repr-Digest", digest));
    answer(exchange, answer.statusCode(), answer.body());
  }

  /** Has the server do as asked. */
  HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.toString() + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (String header : HEADERS) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    proxy.stop(0);
    threads.shutdownNow();
  }
}
