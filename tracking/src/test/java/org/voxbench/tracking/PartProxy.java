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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a tracking server, notes the calls about artifacts as {@code create}, {@code part
 * 2}, {@code complete}, {@code abort}, {@code whole} and {@code read}, and does with them as told.
 */
final class PartProxy implements AutoCloseable {

  /** What becomes of a call. */
  enum Fate {
    PASSES,
    /** The connection is cut in the middle of what is sent. */
    IS_CUT,
    /** The server does as asked, then the connection is cut instead of an answer. */
    LOSES_ITS_ANSWER,
    IS_ANSWERED_404,
    IS_ANSWERED_500,
    IS_ANSWERED_501
  }

  private static final Pattern CALL = Pattern.compile(".*/mpu/(parts/[^/]+/(\\d+)|[a-z]+).*");

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Calls about artifacts so far. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** Who made them, as the Authorization header says. */
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  volatile URI server;
  volatile Function<String, Fate> fate = call -> Fate.PASSES;

  /** Changes what the server answers to the call that begins an upload. */
  volatile UnaryOperator<String> begun = answer -> answer;

  PartProxy(URI server) throws IOException {
    this.server = server;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** The numbers of the parts that were sent, in their order. */
  List<Integer> parts() {
    return calls.stream()
        .filter(call -> call.startsWith("part "))
        .map(call -> Integer.parseInt(call.substring(5)))
        .toList();
  }

  private static String call(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    Matcher call = CALL.matcher(path);
    if (call.matches()) {
      return call.group(2) == null ? call.group(1) : "part " + call.group(2);
    }
    if (!path.contains("/mlflow-artifacts/")) {
      return "";
    }
    return exchange.getRequestMethod().equals("PUT") ? "whole" : "read";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String call = call(exchange);
      Fate fate = Fate.PASSES;
      if (!call.isEmpty()) {
        calls.add(call);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        fate = this.fate.apply(call);
      }
      switch (fate) {
        case IS_CUT -> exchange.getRequestBody().readNBytes(500);
        case IS_ANSWERED_404 -> refuse(exchange, 404, "");
        case IS_ANSWERED_500 -> refuse(exchange, 500, "");
        case IS_ANSWERED_501 -> refuse(exchange, 501, "{\"error_code\":\"NOT_IMPLEMENTED\"}");
        case PASSES, LOSES_ITS_ANSWER -> pass(exchange, call, fate);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void pass(HttpExchange exchange, String call, Fate fate) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name :
        List.of("Content-Type", "Repr-Digest", "Want-Repr-Digest", "Range", "Authorization")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    HttpResponse<byte[]> answer;
    try {
      answer = client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    if (fate == Fate.LOSES_ITS_ANSWER) {
      return;
    }
    for (String name : List.of("ETag", "Repr-Digest", "Content-Type")) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(it -> exchange.getResponseHeaders().set(name, it));
    }
    byte[] body = answer.body();
    if (call.equals("create")) {
      body = begun.apply(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
