package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.Home;

/**
 * Posts alerts, signed: the header {@code X-Voxbench-Signature} holds {@code sha256=} and the
 * HMAC-SHA-256 of the body in hexadecimal digits, with the text of the file {@code webhook.key} as
 * its key. A thread of its own does so: a receiver that hangs keeps nobody waiting.
 */
final class Webhook implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final int MOST_WAITING = 100;

  private final Home home;
  private final Patience patience;
  private final ThreadPoolExecutor sender =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          work -> {
            Thread thread = new Thread(work, "webhook");
            thread.setDaemon(true);
            return thread;
          },
          (work, full) -> LOG.warn("a webhook does not keep up: an alert is not sent"));

  /**
   * How much a receiver is given.
   *
   * @param answer time for an answer
   * @param tries at most, at least 1
   * @param pause before the second try; doubles each time
   */
  record Patience(Duration answer, int tries, Duration pause) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), 4, Duration.ofSeconds(2));
  }

  Webhook(Home home, Patience patience) {
    this.home = home;
    this.patience = patience;
  }

  /** Has a body sent and returns; a receiver that does not take it is logged and forgotten. */
  void send(String address, byte[] body) {
    sender.execute(() -> post(address, body));
  }

  private void post(String address, byte[] body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address))
              .timeout(patience.answer())
              .header("Content-Type", "application/json")
              .header("X-Voxbench-Signature", "sha256=" + signature(body))
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      HttpClient client = HttpClient.newBuilder().connectTimeout(patience.answer()).build();
      Duration pause = patience.pause();
      for (int i = 1; !taken(client, request, i) && i < patience.tries(); i++) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        pause = pause.multipliedBy(2);
      }
    } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
      LOG.warn("the webhook {} cannot be told: {}", address, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean taken(HttpClient client, HttpRequest request, int number)
      throws InterruptedException {
    String what;
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status < 300) {
        return true;
      }
      what = "answer " + status;
    } catch (IOException e) {
      what = e.toString();
    }
    LOG.warn(
        "webhook {}, try {} of {}: {}{}",
        request.uri(),
        number,
        patience.tries(),
        what,
        number == patience.tries() ? "; it is not tried again" : "");
    return false;
  }

  /** What is being sent may finish; what waits is given up. */
  @Override
  public void close() {
    sender.getQueue().clear();
    sender.shutdown();
    try {
      if (!sender.awaitTermination(patience.answer().toMillis(), TimeUnit.MILLISECONDS)) {
        sender.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The HMAC of a body as hexadecimal digits. */
  String signature(byte[] body) throws IOException, GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(WebhookKey.of(home).secret(), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
