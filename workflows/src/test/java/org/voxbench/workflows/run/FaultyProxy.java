package org.voxbench.workflows.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a tracking server and has some requests fail in one way. */
final class FaultyProxy implements AutoCloseable {

  /** What becomes of a request. */
  enum Fault {
    ANSWERS_500,
    ANSWERS_429,
    /** The server does as asked, then the connection is cut instead of an answer. */
    CUTS_AFTER_DOING,
    /** The server does as asked, then 500 is answered. */
    FAILS_AFTER_DOING,
    /** Half of what is sent reaches the server, then its disk is full. */
    DISK_IS_FULL,
    /** Every answer comes late, but in time. */
    IS_SLOW,
    /** The server does as asked, and answers when nobody waits any more. */
    IS_TOO_SLOW,
    /** The server does as asked, and its answer comes byte by byte without end. */
    DRIBBLES,
    IS_STOPPED,
    FORGETS_EVERYTHING
  }

  private static final String FULL =
      "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"[Errno 28] No space left on device\"}";

  private final Fault fault;
  private final URI server;
  private final HttpServer proxy;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private final Semaphore failed = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);

  FaultyProxy(Fault fault, URI server) throws IOException {
    this.fault = fault;
    this.server = server;
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::handle);
    proxy.start();
    if (fault == Fault.IS_STOPPED) {
      proxy.stop(0);
      failed.release(100);
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  /** Waits until some requests have failed. */
  boolean awaitFailures(int some) throws InterruptedException {
    return failed.tryAcquire(some, 120, TimeUnit.SECONDS);
  }

  /** The first requests fail, and every fourth of the next. */
  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int number = asked.getAndIncrement();
    if (number >= 2 && number % 4 != 3) {
      answer(exchange, forwarded(exchange, body));
      return;
    }
    fail(exchange, body);
    failed.release();
  }

  private void fail(HttpExchange exchange, byte[] body) throws IOException {
    switch (fault) {
      case ANSWERS_429 -> answer(exchange, 429, "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\"}");
      case CUTS_AFTER_DOING -> {
        forwarded(exchange, body);
        exchange.close();
      }
      case FAILS_AFTER_DOING -> {
        forwarded(exchange, body);
        answer(exchange, 500, "{\"error_code\":\"INTERNAL_ERROR\"}");
      }
      case DISK_IS_FULL -> {
        if (exchange.getRequestMethod().equals("PUT")) {
          forwarded(exchange, Arrays.copyOf(body, body.length / 2));
        }
        answer(exchange, 500, FULL);
      }
      case IS_SLOW -> {
        await(300);
        answer(exchange, forwarded(exchange, body));
      }
      case IS_TOO_SLOW -> {
        forwarded(exchange, body);
        await(20_000);
        exchange.close();
      }
      case DRIBBLES -> {
        forwarded(exchange, body);
        dribble(exchange);
      }
      default -> answer(exchange, 500, "{\"error_code\":\"INTERNAL_ERROR\"}");
    }
  }

  private boolean await(long millis) throws IOException {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private void dribble(HttpExchange exchange) {
    try (exchange) {
      exchange.sendResponseHeaders(200, 1 << 20);
      OutputStream out = exchange.getResponseBody();
      do {
        out.write(' ');
        out.flush();
      } while (!await(50));
    } catch (IOException given) {
      // The client has hung up.
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    answer
        .headers()
        .firstValue("Repr-Digest")
        .ifPresent(digest -> exchange.getResponseHeaders().set("Repr-Digest", digest));
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private HttpResponse<byte[]> forwarded(HttpExchange exchange, byte[] body) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String path = exchange.getRequestURI().getRawPath() + (query == null ? "" : "?" + query);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (String header : List.of("Authorization", "Content-Type", "Repr-Digest")) {
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

  @Override
  public void close() {
    closed.countDown();
    proxy.stop(0);
  }
}
