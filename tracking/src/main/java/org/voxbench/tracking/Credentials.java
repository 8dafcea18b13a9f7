package org.voxbench.tracking;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** How a tracking server is told who is calling: not at all, by user and password, or by token. */
public final class Credentials {

  private final @Nullable String user;
  private final @Nullable String secret;

  private Credentials(@Nullable String user, @Nullable String secret) {
    this.user = user;
    this.secret = secret;
  }

  public static Credentials none() {
    return new Credentials(null, null);
  }

  public static Credentials basic(String user, String password) {
    return new Credentials(user, password);
  }

  public static Credentials bearer(String token) {
    return new Credentials(null, token);
  }

  /**
   * Reads MLflow's own variables: {@code MLFLOW_TRACKING_USERNAME} with {@code
   * MLFLOW_TRACKING_PASSWORD}, else {@code MLFLOW_TRACKING_TOKEN}, else none.
   *
   * @throws IllegalArgumentException if only one of user name and password is set
   */
  public static Credentials fromEnvironment(Map<String, String> environment) {
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

  BasicMlflowHostCreds forClient(String host) {
    if (secret == null) {
      return new BasicMlflowHostCreds(host);
    }
    return user == null
        ? new BasicMlflowHostCreds(host, secret)
        : new BasicMlflowHostCreds(host, user, secret);
  }

  /** The value of the Authorization header, or null for none. */
  @Nullable String header() {
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
