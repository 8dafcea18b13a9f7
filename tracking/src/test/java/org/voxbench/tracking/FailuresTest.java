package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;

/** What a user reads of a server that fails. */
final class FailuresTest {

  private static String answered(int status, String body) {
    return String.valueOf(
        Failures.of("opening run 7", status, body, new IOException()).getMessage());
  }

  @Test
  void aPageIsShownByItsTitleInOneLine() {
    String page = "<!doctype html>\n<html><title>404\n Not Found</title>\n<h1>No</h1></html>";
    assertThat(answered(404, page))
        .isEqualTo(
            "opening run 7: HTTP 404 Not Found (no MLflow server answers at this address:"
                + " check the tracking URI)");
    assertThat(answered(502, "<html><body>Bad\n<b>Gateway</b></body></html>"))
        .isEqualTo("opening run 7: HTTP 502 Bad Gateway");
  }

  @Test
  void mlflowsErrorIsShownByItsMessage() {
    String json = "{\"error_code\": \"INVALID_PARAMETER_VALUE\",\n \"message\": \"no such key\"}";
    assertThat(answered(400, json))
        .isEqualTo("opening run 7: HTTP 400 INVALID_PARAMETER_VALUE: no such key");
  }

  @Test
  void anAddressWhereNobodyListensIsSaidWithTheCure() {
    Exception refused = new ConnectException();
    refused.initCause(new ClosedChannelException());
    assertThat(Failures.shown(new RuntimeException(refused)))
        .isEqualTo("nobody listens at this address (start the server, or check the tracking URI)");
  }

  @Test
  void aHostThatNobodyKnowsIsSaidWithTheCure() {
    Exception unresolved = new ConnectException();
    unresolved.initCause(new UnresolvedAddressException());
    for (Exception cause : new Exception[] {unresolved, new UnknownHostException("nowhere")}) {
      assertThat(Failures.shown(new IOException(cause)))
          .isEqualTo("no host of this name is known (check the tracking URI)");
    }
  }
}
