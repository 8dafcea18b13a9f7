package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.Home;

/**
 * Posts alerts, signed: the header {@code X-Voxbench-Signature} holds {@code sha256=} and the
 * HMAC-SHA-256 of the body in hexadecimal digits, with the text of the file {@code webhook.key} as
 * its key.
 */
final class Webhook {

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TRIES = 3;

  private final Path key;

  Webhook(Home home) {
    this.key = home.root().resolve("webhook.key");
  }

  /** Sends a body; a receiver that does not take it is logged and forgotten. */
  void send(String address, byte[] body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("X-Voxbench-Signature", "sha256=" + signature(body))
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      for (int i = 1; i <= TRIES && !taken(client, request, i); i++) {}
    } catch (IllegalArgumentException | IOException | GeneralSecurityException e) {
      LOG.warn("the webhook {} cannot be told: {}", address, e.getMessage());
    }
  }

  private static boolean taken(HttpClient client, HttpRequest request, int number) {
    try {
      HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
      if (response.statusCode() < 300) {
        return true;
      }
      LOG.warn("webhook, try {} of {}: answer {}", number, TRIES, response.statusCode());
    } catch (IOException e) {
      LOG.warn("webhook, try {} of {}: {}", number, TRIES, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
    return false;
  }

  /** The HMAC of a body as hexadecimal digits. */
  String signature(byte[] body) throws IOException, GeneralSecurityException {
    if (!Files.exists(key)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, HexFormat.of().formatHex(random));
    }
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] secret = Files.readString(key).strip().getBytes(StandardCharsets.UTF_8);
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
