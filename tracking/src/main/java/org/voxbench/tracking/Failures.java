package org.voxbench.tracking;

import java.util.Set;
import javax.net.ssl.SSLException;
import org.mlflow.tracking.MlflowHttpException;

/** Tells failures that may pass from refusals that stay. */
final class Failures {

  private static final Set<Integer> MAY_PASS = Set.of(401, 403, 408, 425, 429);

  private Failures() {}

  static TrackingException of(String what, Throwable cause) {
    if (cause instanceof MlflowHttpException answer) {
      return of(what, answer.getStatusCode(), String.valueOf(answer.getBodyMessage()), cause);
    }
    return new TrackingUnavailableException(what + ": " + shown(cause), cause);
  }

  /** What broke a connection, with the cure where one is known. */
  static String shown(Throwable cause) {
    boolean tls = false;
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      tls |= root instanceof SSLException;
      root = root.getCause();
    }
    return root
        + (tls || root instanceof SSLException
            ? " (the server's certificate is not trusted: name it in"
                + " MLFLOW_TRACKING_SERVER_CERT_PATH)"
            : "");
  }

  /**
   * Judges an answer other than 2xx. A refusal without MLflow's error body does not come from a
   * tracking server, so another address or a repaired proxy may still take the call.
   */
  static TrackingException of(String what, int status, String body, Throwable cause) {
    String shown = body.length() > 500 ? body.substring(0, 500) + "..." : body;
    String message = what + ": HTTP " + status + " " + shown;
    boolean refused = status >= 400 && status < 500 && !MAY_PASS.contains(status);
    return refused && body.contains("\"error_code\"")
        ? new TrackingRefusedException(message, cause, status == 404)
        : new TrackingUnavailableException(message + cure(status), cause);
  }

  private static String cure(int status) {
    return switch (status) {
      case 401, 403 ->
          " (the server does not accept the credentials: check MLFLOW_TRACKING_TOKEN, or"
              + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD)";
      case 404, 405 -> " (no MLflow server answers at this address: check the tracking URI)";
      default -> "";
    };
  }
}
