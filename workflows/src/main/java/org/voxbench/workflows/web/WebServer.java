package org.voxbench.workflows.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinLogger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP server of a coordinator. It owns port, threads and access rules; rooms mount their
 * paths on it and start nothing themselves.
 */
public final class WebServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int THREADS = 24;
  private static final int CONNECTIONS = 256;
  private static final int STOP_MILLIS = 3_000;
  private static final int IDLE_AT_STOP_MILLIS = 100;

  private final Javalin server;
  private final Listen listen;
  private final Gate gate;
  private int port;

  private WebServer(Listen listen, Gate gate, List<Consumer<RoutesConfig>> rooms) {
    this.listen = listen;
    this.gate = gate;
    this.server = Javalin.create(config -> configure(config, rooms));
  }

  /**
   * Where to listen.
   *
   * @param host {@code 127.0.0.1} unless others shall reach the server; then everything, also
   *     reading, needs the token
   * @param port 1 to 65535, or 0 for any free one
   */
  public record Listen(String host, int port) {

    public Listen {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "expected a port from 0 (any free one) to 65535 but found " + port);
      }
    }

    /** On this machine alone. */
    public static Listen loopback(int port) {
      return new Listen("127.0.0.1", port);
    }
  }

  /** The server cannot listen where it should; the message says why and what to do. */
  public static final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotListenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Starts to answer.
   *
   * @param rooms each adds its paths
   * @throws CannotListenException if the port is in use, not allowed, or the host is unknown
   */
  public static WebServer start(
      Listen listen, AccessToken token, List<Consumer<RoutesConfig>> rooms) {
    try {
      Gate gate = new Gate(new HostNames(listen.host()), token);
      WebServer web = new WebServer(listen, gate, rooms);
      web.server.start();
      web.port = web.server.port();
      return web;
    } catch (UnknownHostException e) {
      throw new CannotListenException(
          "no host is known as "
              + listen.host()
              + ": give a name or address of this machine with"
              + " --host",
          e);
    } catch (UncheckedIOException e) {
      throw new CannotListenException(cause(listen, e), e);
    }
  }

  private static String cause(Listen listen, UncheckedIOException problem) {
    String where = "port " + listen.port() + " on " + listen.host();
    StringBuilder chain = new StringBuilder();
    for (Throwable one = problem; one != null; one = one.getCause()) {
      chain.append(one.getMessage()).append(' ');
    }
    String text = chain.toString().toLowerCase(Locale.ROOT);
    if (text.contains("in use")) {
      return where
          + " is in use by another program, perhaps another Voxbench: stop that one, or choose"
          + " another port with --port (0 takes any free one)";
    }
    if (text.contains("permission denied")) {
      return where + " is not allowed to this user: choose a port above 1023 with --port";
    }
    if (text.contains("assign")) {
      return listen.host() + " is no address of this machine: give one that is with --host";
    }
    return "cannot listen at " + where + ": " + problem.getMessage();
  }

  private void configure(JavalinConfig config, List<Consumer<RoutesConfig>> rooms) {
    JavalinLogger.startupInfo = false;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2, 30_000);
    threads.setName("web");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServer(
        jetty -> {
          jetty.insertHandler(new GracefulHandler());
          jetty.setStopTimeout(STOP_MILLIS);
          jetty.addBean(new NetworkConnectionLimit(CONNECTIONS, jetty));
        });
    config.routes.before(gate::check);
    rooms.forEach(room -> room.accept(config.routes));
    config.routes.exception(Exception.class, WebServer::failed);
  }

  /** Opened at once: a port in use is then known before anything has started. */
  private Connector connector(Server jetty, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setShutdownIdleTimeout(IDLE_AT_STOP_MILLIS);
    try {
      connector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }

  private static void failed(Exception exception, Context context) {
    LOG.error(
        "{} {} failed; the server goes on", context.method().name(), context.path(), exception);
    Refusal.send(
        context,
        HttpStatus.INTERNAL_SERVER_ERROR,
        "INTERNAL_ERROR",
        "Voxbench could not answer this; its log names the cause.");
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Where a browser on this machine finds it. */
  public URI address() {
    String host = listen.host().matches("0\\.0\\.0\\.0|::|\\[::]") ? "localhost" : listen.host();
    return URI.create(
        "http://"
            + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
            + ":"
            + port());
  }

  /** Where a browser on another machine finds it; nothing where none can. */
  public Optional<String> addressFromElsewhere() throws UnknownHostException {
    if (gate.isLoopback()) {
      return Optional.empty();
    }
    boolean all = InetAddress.getByName(listen.host()).isAnyLocalAddress();
    return Optional.of(
        all
            ? "http://" + InetAddress.getLocalHost().getHostName() + ":" + port()
            : address().toString());
  }

  /** Every route as {@code METHOD /path}, for the test that knocks at each of them. */
  List<String> routes() {
    return server.unsafe.internalRouter.allHttpHandlers().stream()
        .filter(entry -> entry.endpoint.method.isHttpMethod())
        .map(entry -> entry.endpoint.method.name() + " " + entry.endpoint.path)
        .toList();
  }

  /** Lets requests that have begun finish, for a few seconds, then stops. */
  @Override
  public void close() {
    server.stop();
  }
}
