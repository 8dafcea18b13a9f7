package org.voxbench.workflows.run;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
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

  private static final String BROKEN = "{\"error_code\":\"INTERNAL_ERROR\"}";
  private static final String FULL =
      "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"[Errno 28] No space left on device\"}";

  private final Fault fault;
  private final ForwardingProxy proxy;
  private final AtomicInteger asked = new AtomicInteger();
  private final Semaphore failed = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);

  FaultyProxy(Fault fault, URI server) throws IOException {
    this.fault = fault;
    proxy = new ForwardingProxy(server, this::handle);
    if (fault == Fault.IS_STOPPED) {
      proxy.close();
      failed.release(100);
    }
  }

  URI address() {
    return proxy.address();
  }

  /** Waits until some requests have failed. */
  boolean awaitFailures(int some) throws InterruptedException {
    return failed.tryAcquire(some, 120, TimeUnit.SECONDS);
  }

  /** The first requests fail, and every fourth of the next. */
  private void handle(ForwardingProxy through, HttpExchange exchange, byte[] body)
      throws IOException {
    int number = asked.getAndIncrement();
    if (number >= 2 && number % 4 != 3) {
      through.pass(exchange, body);
      return;
    }
    fail(through, exchange, body);
    failed.release();
  }

  private void fail(ForwardingProxy through, HttpExchange exchange, byte[] body)
      throws IOException {
    switch (fault) {
      case ANSWERS_429 ->
          ForwardingProxy.answer(exchange, 429, "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\"}");
      case CUTS_AFTER_DOING -> {
        through.forward(exchange, body);
        exchange.close();
      }
      case FAILS_AFTER_DOING -> {
        through.forward(exchange, body);
        ForwardingProxy.answer(exchange, 500, BROKEN);
      }
      case DISK_IS_FULL -> {
        if (exchange.getRequestMethod().equals("PUT")) {
          through.forward(exchange, Arrays.copyOf(body, body.length / 2));
        }
        ForwardingProxy.answer(exchange, 500, FULL);
      }
      case IS_SLOW -> {
        await(300);
        through.pass(exchange, body);
      }
      case IS_TOO_SLOW -> {
        through.forward(exchange, body);
        await(20_000);
        exchange.close();
      }
      case DRIBBLES -> {
        through.forward(exchange, body);
        dribble(exchange);
      }
      default -> ForwardingProxy.answer(exchange, 500, BROKEN);
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

  @Override
  public void close() {
    closed.countDown();
    proxy.close();
  }
}
