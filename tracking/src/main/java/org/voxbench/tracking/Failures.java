package org.voxbench.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.mlflow.tracking.MlflowHttpException;

/** Tells failures that may pass from refusals that stay. */
final class Failures {

  private static final Set<Integer> MAY_PASS = Set.of(401, 403, 408, 425, 429);

  private static final Pattern TITLE = Pattern.compile("(?is)<title>(.*?)</title>");
  private static final int LONGEST = 500;

  private Failures() {}

  static TrackingException of(String what, Throwable cause) {
    if (cause instanceof MlflowHttpException answer) {
      return of(what, answer.getStatusCode(), String.valueOf(answer.getBodyMessage()), cause);
    }
    return new TrackingUnavailableException(what + ": " + shown(cause), cause);
  }

  /** What broke a connection, with the cure where one is known. */
  static String shown(Throwable cause) {
    List<Throwable> chain = chain(cause);
    if (has(chain, UnknownHostException.class) || has(chain, UnresolvedAddressException.class)) {
      return "no host of this name is known (check the tracking URI)";
    }
    if (has(chain, ConnectException.class)) {
      return "nobody listens at this address (start the server, or check the tracking URI)";
    }
    return chain.get(chain.size() - 1)
        + (has(chain, SSLException.class)
            ? " (the server's certificate is not trusted: name it in"
                + " MLFLOW_TRACKING_SERVER_CERT_PATH)"
            : "");
  }

  private static List<Throwable> chain(Throwable cause) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable next = cause; next != null && !chain.contains(next); next = next.getCause()) {
      chain.add(next);
    }
    return chain;
  }

  private static boolean has(List<Throwable> chain, Class<? extends Throwable> kind) {
    return chain.stream().anyMatch(kind::isInstance);
  }

  /**
   * Judges an answer other than 2xx. A refusal without MLflow's error body does not come from a
   * tracking server, so another address or a repaired proxy may still take the call.
   */
  static TrackingException of(String what, int status, String body, Throwable cause) {
    String message = what + ": HTTP " + status + " " + said(status, body);
    boolean refused = status >= 400 && status < 500 && !MAY_PASS.contains(status);
    return refused && body.contains("\"error_code\"")
        ? new TrackingRefusedException(message, cause, status == 404)
        : new TrackingUnavailableException(message + cure(status), cause);
  }

  /** An answer's own words in one line: of MLflow's error its message, of a page its title. */
  private static String said(int status, String body) {
    Matcher title = TITLE.matcher(body);
    String text = title.find() ? title.group(1) : body;
    try {
      JsonNode error = Rest.JSON.readTree(body);
      if (error.hasNonNull("error_code")) {
        text = error.path("error_code").asText() + ": " + error.path("message").asText();
      }
    } catch (JsonProcessingException notMlflow) {
      text = text.replaceAll("<[^>]*>", " ");
    }
    String line = text.strip().replaceAll("\\s+", " ").replaceFirst("^" + status + " ", "");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
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
