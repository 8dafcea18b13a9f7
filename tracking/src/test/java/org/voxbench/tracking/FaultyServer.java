package org.voxbench.tracking;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that fail in one way each. */
final class FaultyServer implements AutoCloseable {

  private final URI uri;
  private final Closeable resource;

  /** Requests answered, or connections accepted, so far. */
  final AtomicInteger seen = new AtomicInteger();

  /** The Authorization headers that came. */
  final Set<String> authorizations = ConcurrentHashMap.newKeySet();

  private final CountDownLatch hungUp = new CountDownLatch(1);

  private FaultyServer(int port, Closeable resource) {
    this.uri = URI.create("http://127.0.0.1:" + port);
    this.resource = resource;
  }

  URI uri() {
    return uri;
  }

  /** Answers every request with this status and body. */
  static FaultyServer answering(int status, String body) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FaultyServer server = new FaultyServer(http.getAddress().getPort(), () -> http.stop(0));
    http.createContext(
        "/",
        exchange -> {
          server.seen.incrementAndGet();
          String header = exchange.getRequestHeaders().getFirst("Authorization");
          server.authorizations.add(header == null ? "none" : header);
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    return server;
  }

  /** Accepts connections, reads what comes and never answers. */
  static FaultyServer silent() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    List<Socket> accepted = new CopyOnWriteArrayList<>();
    FaultyServer server =
        new FaultyServer(
            socket.getLocalPort(),
            () -> {
              socket.close();
              for (Socket client : accepted) {
                client.close();
              }
            });
    Thread acceptor = new Thread(() -> server.swallow(socket, accepted), "silent-server");
    acceptor.setDaemon(true);
    acceptor.start();
    return server;
  }

  private void swallow(ServerSocket socket, List<Socket> accepted) {
    try {
      while (true) {
        Socket client = socket.accept();
        accepted.add(client);
        seen.incrementAndGet();
        Thread reader = new Thread(() -> drain(client), "silent-reader");
        reader.setDaemon(true);
        reader.start();
      }
    } catch (IOException closed) {
      hungUp.countDown();
    }
  }

  private void drain(Socket client) {
    try {
      client.getInputStream().skip(Long.MAX_VALUE);
    } catch (IOException reset) {
      hungUp.countDown();
    }
    hungUp.countDown();
  }

  /** Whether a client cut its connection in time. */
  boolean clientHungUp() throws InterruptedException {
    return hungUp.await(20, TimeUnit.SECONDS);
  }

  /** An address where nobody listens. */
  static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  @Override
  public void close() throws IOException {
    resource.close();
  }
}
