package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;

/** The embedded server on a free loopback port, over a database in memory. */
public final class TestServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JdbcConnectionPool database;
  private final TrackingApi api;
  private final Javalin javalin;
  private final HttpClient http = HttpClient.newHttpClient();

  public TestServer(Path artifacts) {
    this("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", artifacts);
  }

  public TestServer(String jdbcUrl, Path artifacts) {
    database = JdbcConnectionPool.create(jdbcUrl, "sa", "");
    api = new TrackingApi(database, artifacts, InstantSource.system());
    javalin =
        Javalin.create(
                server -> {
                  server.startup.showJavalinBanner = false;
                  api.mount(server.routes);
                })
            .start("127.0.0.1", 0);
  }

  TrackingApi api() {
    return api;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + javalin.port());
  }

  /** Posts JSON to an API path such as {@code runs/create}. */
  public Reply post(String path, String json) throws IOException, InterruptedException {
    return send(
        request("/api/2.0/mlflow/" + path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Reply get(String path) throws IOException, InterruptedException {
    return send(request("/api/2.0/mlflow/" + path));
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(uri() + path)).timeout(Duration.ofSeconds(30));
  }

  public Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }

  public HttpResponse<byte[]> bytes(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    stop();
  }

  public void stop() {
    javalin.stop();
    database.dispose();
  }

  /**
   * Serves until its standard input ends, for trials by hand.
   *
   * @param arguments folder of database and artifacts
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    String database = "jdbc:h2:" + folder.resolve("tracking").toAbsolutePath();
    try (TestServer server = new TestServer(database, folder.resolve("artifacts"))) {
      System.out.println(server.uri());
      while (System.in.read() >= 0) {}
    }
  }

  /** What the server answered. */
  public record Reply(int status, String body) {

    public JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }
}
