package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not say what it stored, as MLflow's own: the file is read back. */
@Timeout(60)
class ReadBackTest {

  private static final String ROOT = "mlflow-artifacts:/0/r/artifacts";

  private byte[] held = new byte[0];
  private final AtomicInteger read = new AtomicInteger();
  private boolean damages;
  private HttpServer http;
  private MlflowServer server;
  private Path file;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
    URI uri = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    server = new MlflowServer(uri, Credentials.none(), Duration.ofSeconds(10), folder);
    file = Files.writeString(folder.resolve("weights"), "weights of a model");
  }

  @AfterEach
  void stop() {
    server.close();
    http.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("PUT")) {
        held = body;
        if (damages) {
          held[3] ^= 1;
        }
        exchange.sendResponseHeaders(200, -1);
      } else {
        read.incrementAndGet();
        exchange.sendResponseHeaders(200, held.length);
        exchange.getResponseBody().write(held);
      }
    }
  }

  @Test
  void whatItHoldsIsReadBackAndCompared() throws Exception {
    server.upload(ROOT, "weights", file);
    assertThat(read).hasValue(1);
    assertThat(held).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void whatItDamagedIsNotCalledStoredAndTheNextAttemptMendsIt() throws Exception {
    damages = true;
    assertThatThrownBy(() -> server.upload(ROOT, "weights", file))
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("what the server holds differs");
    damages = false;
    server.upload(ROOT, "weights", file);
    assertThat(held).isEqualTo(Files.readAllBytes(file));
  }
}
