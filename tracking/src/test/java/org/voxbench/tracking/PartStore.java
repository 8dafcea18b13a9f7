package org.voxbench.tracking;

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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Takes parts by signed addresses for a tracking server, which has them in the end. */
final class PartStore implements AutoCloseable {

  private static final String OWN = "/api/2.0/mlflow-artifacts/mpu/parts/";

  private final HttpServer http;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Supplier<URI> server;
  private final AtomicInteger signature = new AtomicInteger();

  /** Parts that were taken, in their order. */
  final List<Integer> taken = new CopyOnWriteArrayList<>();

  final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  final Set<String> extras = ConcurrentHashMap.newKeySet();

  /** What a part is answered with: 0 for success, -1 for a connection that is cut. */
  volatile IntUnaryOperator failing = number -> 0;

  PartStore(Supplier<URI> server) throws IOException {
    this.server = server;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::handle);
    http.start();
  }

  String uri() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The server's answer with this store's addresses, and a header for each part. */
  String signed(String answer) {
    return answer
        .replaceAll(
            "http://[^/]*" + OWN + "([0-9a-f]*)/(\\d+)",
            uri() + "/bucket/$1?partNumber=$2&X-Signature=" + signature.get())
        .replaceAll(
            "\"headers\":\\{[^}]*}",
            "\"headers\":{\"X-Extra\":\"signed\",\"Host\":\"h\",\"Authorization\":\"Bearer t0ken\"}");
  }

  /** From now on addresses signed before are refused. */
  void expire() {
    signature.incrementAndGet();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      extras.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Extra")));
      byte[] part = exchange.getRequestBody().readAllBytes();
      String query = exchange.getRequestURI().getQuery();
      int number = Integer.parseInt(query.replaceAll("partNumber=(\\d+).*", "$1"));
      int status = query.endsWith("=" + signature.get()) ? failing.applyAsInt(number) : 403;
      if (status != 0) {
        if (status > 0) {
          exchange.sendResponseHeaders(status, -1);
        }
        return;
      }
      String upload = exchange.getRequestURI().getPath().replaceAll(".*/", "");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.get() + OWN + upload + "/" + number))
              .PUT(BodyPublishers.ofByteArray(part))
              .build();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      exchange.getResponseHeaders().set("ETag", answer.headers().firstValue("ETag").orElseThrow());
      taken.add(number);
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
