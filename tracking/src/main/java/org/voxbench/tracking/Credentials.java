package org.voxbench.tracking;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** How a tracking server is told who is calling: not at all, by user and password, or by token. */
public final class Credentials {

  private final @Nullable String user;
  private final @Nullable String secret;
  private final boolean anyCertificate;

  private Credentials(@Nullable String user, @Nullable String secret, boolean anyCertificate) {
    this.user = user;
    this.secret = secret;
    this.anyCertificate = anyCertificate;
  }

  public static Credentials none() {
    return new Credentials(null, null, false);
  }

  public static Credentials basic(String user, String password) {
    return new Credentials(user, password, false);
  }

  public static Credentials bearer(String token) {
    return new Credentials(null, token, false);
  }

  /**
   * Reads MLflow's own variables: {@code MLFLOW_TRACKING_USERNAME} with {@code
   * MLFLOW_TRACKING_PASSWORD}, else {@code MLFLOW_TRACKING_TOKEN}, else none; {@code
   * MLFLOW_TRACKING_INSECURE_TLS=true} takes any certificate, and the certificates in the PEM file
   * {@code MLFLOW_TRACKING_SERVER_CERT_PATH} are trusted by this process from now on.
   *
   * @throws IllegalArgumentException if only one of user name and password is set, or if the
   *     certificates cannot be read
   */
  public static Credentials fromEnvironment(Map<String, String> environment) {
    Credentials named = named(environment);
    String certificates = environment.getOrDefault("MLFLOW_TRACKING_SERVER_CERT_PATH", "");
    if (!certificates.isEmpty()) {
      Tls.trust(Path.of(certificates));
    }
    boolean any =
        List.of("true", "1")
            .contains(
                environment
                    .getOrDefault("MLFLOW_TRACKING_INSECURE_TLS", "")
                    .toLowerCase(Locale.ROOT));
    return new Credentials(named.user, named.secret, any);
  }

  private static Credentials named(Map<String, String> environment) {
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    if (user.isEmpty() != password.isEmpty()) {
      throw new IllegalArgumentException(
          "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD: expected both or neither to be"
              + " set, but only "
              + (user.isEmpty() ? "the password" : "the user name")
              + " is");
    }
    if (!user.isEmpty()) {
      return basic(user, password);
    }
    return token.isEmpty() ? none() : bearer(token);
  }

  /** The same for MLflow's Java client. */
  public BasicMlflowHostCreds forClient(String host) {
    return user == null
        ? new BasicMlflowHostCreds(host, null, null, secret, anyCertificate)
        : new BasicMlflowHostCreds(host, user, secret, null, anyCertificate);
  }

  /** The JDK's client under the same rules. */
  public HttpClient client(Duration connectTimeout) {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
    if (Tls.hasTrusted() || anyCertificate) {
      client.sslContext(Tls.context(anyCertificate));
    }
    return client.build();
  }

  /** The value of the Authorization header, or null for none. */
  public @Nullable String header() {
    if (secret == null) {
      return null;
    }
    if (user == null) {
      return "Bearer " + secret;
    }
    byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    if (secret == null) {
      return "no credentials";
    }
    return user == null ? "a token" : "user " + user;
  }
}
