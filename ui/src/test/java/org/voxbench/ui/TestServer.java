package org.voxbench.ui;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** The dashboard on a real server of its own, with a clock that tests set. */
final class TestServer implements AutoCloseable {

  final MemoryRunFeed feed = new MemoryRunFeed();
  final AtomicReference<Instant> now = new AtomicReference<>(Samples.NOON.plusSeconds(300));
  private final Javalin server;
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer() {
    Dashboard dashboard = new Dashboard(feed, now::get);
    server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.startup.startupWatcherEnabled = false;
                  dashboard.mount(config.routes);
                })
            .start("127.0.0.1", Integer.getInteger("voxbench.port", 0));
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address(path)));
    request.header("Accept", path.startsWith("/api/") ? "application/json" : "text/html");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.stop();
  }
}
