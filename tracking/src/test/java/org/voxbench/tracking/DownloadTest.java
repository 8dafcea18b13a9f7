package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file on its way here is waited for as long as some of it arrives. */
@Timeout(60)
class DownloadTest {

  private static final Duration LIMIT = Duration.ofMillis(500);
  private static final String URI_OF_RUN = "mlflow-artifacts:/0/r/artifacts";

  private final CountDownLatch released = new CountDownLatch(1);

  /** Sends the body of one answer. */
  private interface Sender {
    void send(OutputStream out) throws Exception;
  }

  /** Answers one request and says whether the client hung up before the end. */
  private Thread serve(ServerSocket socket, int length, Sender sender) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket client = socket.accept()) {
                InputStream in = client.getInputStream();
                byte[] request = new byte[8192];
                assertThat(in.read(request)).isPositive();
                OutputStream out = client.getOutputStream();
                String head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                sender.send(out);
                while (in.read() >= 0) {}
                released.countDown();
              } catch (Exception hungUp) {
                released.countDown();
              }
            },
            "download-server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static InputStream download(ServerSocket socket) throws TrackingException {
    URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    MlflowServer server = new MlflowServer(uri, Credentials.none(), LIMIT, Path.of("unused"));
    return server.download(URI_OF_RUN, "", "f", 0).orElseThrow().body();
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void aServerThatStandsStillInTheMiddleOfAFileIsGivenUp() throws Exception {
    try (ServerSocket socket = socket()) {
      serve(
          socket,
          1000,
          out -> {
            out.write(new byte[100]);
            out.flush();
          });
      long before = System.nanoTime();
      try (InputStream body = download(socket)) {
        assertThat(body.readNBytes(100)).hasSize(100);
        assertThatThrownBy(() -> body.read())
            .isInstanceOf(IOException.class)
            .hasMessage("stood still for 500 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(LIMIT);
        assertThat(released.await(20, TimeUnit.SECONDS)).as("the connection is cut").isTrue();
      }
    }
  }

  @Test
  void aServerThatIsSlowButMovesIsHeardOut() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ServerSocket socket = socket()) {
      serve(
          socket,
          12,
          out -> {
            for (int i = 0; i < 12; i++) {
              assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
              out.write(i);
              out.flush();
            }
          });
      long before = System.nanoTime();
      try (InputStream body = download(socket)) {
        assertThat(body.readAllBytes()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(LIMIT);
    }
  }

  @Test
  void aServerThatBreaksOffIsNotTakenForOneThatIsDone() throws Exception {
    try (ServerSocket socket = socket()) {
      serve(
          socket,
          1000,
          out -> {
            out.write(new byte[100]);
            out.close();
          });
      try (InputStream body = download(socket)) {
        assertThatThrownBy(body::readAllBytes)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("broke off");
      }
    }
  }

  @Test
  void aReaderThatLeavesCutsTheConnection() throws Exception {
    try (ServerSocket socket = socket()) {
      serve(
          socket,
          Integer.MAX_VALUE,
          out -> {
            while (true) {
              out.write(new byte[1 << 16]);
            }
          });
      try (InputStream body = download(socket)) {
        assertThat(body.readNBytes(1 << 20)).hasSize(1 << 20);
      }
      assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
