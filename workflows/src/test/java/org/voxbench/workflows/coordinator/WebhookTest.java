package org.voxbench.workflows.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.Webhook.Patience;

@Timeout(60)
class WebhookTest {

  private static final byte[] BODY = "{\"kind\":\"regressed\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder = Path.of("");
  private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private @Nullable HttpServer server;

  private record Received(@Nullable String signature, byte[] body) {}

  @BeforeEach
  void listen() throws IOException {
    HttpServer listening =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listening.setExecutor(threads);
    listening.createContext("/hook", this::receive);
    listening.createContext("/deaf", exchange -> await(end));
    listening.start();
    server = listening;
  }

  @AfterEach
  void stop() {
    end.countDown();
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    received.add(new Received(exchange.getRequestHeaders().getFirst("X-Voxbench-Signature"), body));
    Integer answer = answers.poll();
    exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String address(String path) {
    if (server == null) {
      throw new IllegalStateException("no server");
    }
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Webhook webhook(Duration answer, int tries) {
    return new Webhook(
        new Home(folder).prepared(), new Patience(answer, tries, Duration.ofMillis(1)));
  }

  private Received one() throws InterruptedException {
    Received one = received.poll(30, TimeUnit.SECONDS);
    assertThat(one).as("a request").isNotNull();
    return java.util.Objects.requireNonNull(one);
  }

  @Test
  void theReceiverCanCheckWhoSentIt() throws Exception {
    try (Webhook webhook = webhook(Duration.ofSeconds(20), 1)) {
      webhook.send(address("/hook"), BODY);
      Received request = one();

      Path key = folder.resolve("webhook.key");
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Files.readAllBytes(key), "HmacSHA256"));
      String expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(request.body()));
      assertThat(request.body()).isEqualTo(BODY);
      assertThat(request.signature()).isEqualTo(expected);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aKeyOfTheUsersOwnIsTaken() throws Exception {
    Files.writeString(folder.resolve("webhook.key"), "Jefe\n");
    try (Webhook webhook = webhook(Duration.ofSeconds(20), 1)) {
      // RFC 4231, test case 2.
      assertThat(webhook.signature("what do ya want for nothing?".getBytes(StandardCharsets.UTF_8)))
          .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
  }

  @Test
  void anErrorOfTheReceiverIsTriedAgainUntilItTakesTheAlert() throws Exception {
    answers.add(500);
    answers.add(503);
    try (Webhook webhook = webhook(Duration.ofSeconds(20), 5)) {
      webhook.send(address("/hook"), BODY);
      webhook.send(address("/hook"), "next".getBytes(StandardCharsets.UTF_8));

      assertThat(one().body()).isEqualTo(BODY);
      assertThat(one().body()).isEqualTo(BODY);
      assertThat(one().body()).isEqualTo(BODY);
      assertThat(new String(one().body(), StandardCharsets.UTF_8)).isEqualTo("next");
    }
  }

  @Test
  void aReceiverThatNeverTakesItIsGivenUpAndTheNextAlertIsSent() throws Exception {
    answers.add(500);
    answers.add(500);
    try (Webhook webhook = webhook(Duration.ofSeconds(20), 2)) {
      webhook.send(address("/hook"), BODY);
      webhook.send(address("/hook"), "next".getBytes(StandardCharsets.UTF_8));

      one();
      one();
      assertThat(new String(one().body(), StandardCharsets.UTF_8)).isEqualTo("next");
    }
  }

  @Test
  void aReceiverThatHangsKeepsNobodyWaitingAndTimesOut() throws Exception {
    try (Webhook webhook = webhook(Duration.ofMillis(300), 2)) {
      long start = System.nanoTime();
      webhook.send(address("/deaf"), BODY);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(250));

      webhook.send(address("/hook"), BODY);
      assertThat(one().body()).isEqualTo(BODY);
    }
  }

  @Test
  void anAddressThatIsNoneHurtsNobody() throws Exception {
    try (Webhook webhook = webhook(Duration.ofSeconds(20), 2)) {
      webhook.send("not an address", BODY);
      webhook.send("http://127.0.0.1:1/closed", BODY);
      webhook.send(address("/hook"), BODY);
      assertThat(one().body()).isEqualTo(BODY);
    }
  }
}
