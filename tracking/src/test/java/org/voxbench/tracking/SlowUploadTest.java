package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upload has no limit of time: it is given up when it stands still. */
@Timeout(120)
class SlowUploadTest {

  private static final Duration DEADLINE = Duration.ofSeconds(1);
  // More than the buffers of a connection hold.
  private static final byte[] WEIGHTS = new byte[32 << 20];

  private final CountDownLatch ended = new CountDownLatch(1);
  private long stopsAfter = Long.MAX_VALUE;
  private long read;
  private HttpServer http;
  private MlflowServer server;
  private Path file;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::store);
    http.start();
    URI uri = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    server = new MlflowServer(uri, Credentials.none(), DEADLINE, folder);
    file = Files.write(folder.resolve("weights"), WEIGHTS);
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.close();
    http.stop(0);
  }

  /** Reads a mebibyte every tenth of a second. */
  private void store(HttpExchange exchange) throws IOException {
    try (exchange) {
      InputStream body = exchange.getRequestBody();
      int some;
      while ((some = body.readNBytes(1 << 20).length) > 0) {
        read += some;
        await(read < stopsAfter ? 100 : 60_000);
      }
      String digest = exchange.getRequestHeaders().getFirst("Repr-Digest");
      exchange.getResponseHeaders().set("Repr-Digest", digest);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void await(long millis) throws IOException {
    try {
      if (ended.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("the test is over");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  @Test
  void oneThatMovesMayTakeLongerThanTheDeadline() throws Exception {
    long begin = System.nanoTime();
    server.upload("mlflow-artifacts:/0/r/artifacts", "weights", file);
    assertThat(read).isEqualTo(WEIGHTS.length);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(DEADLINE);
  }

  @Test
  void oneThatStandsStillIsGivenUp() {
    stopsAfter = 4 << 20;
    assertThatThrownBy(() -> server.upload("mlflow-artifacts:/0/r/artifacts", "weights", file))
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("no answer within 1000 ms");
  }
}
