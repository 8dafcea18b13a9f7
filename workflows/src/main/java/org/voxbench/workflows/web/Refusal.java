package org.voxbench.workflows.web;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;

/** Says no: JSON in the shape of the tracking API for programs, a plain sentence for people. */
final class Refusal {

  private Refusal() {}

  static void send(Context context, HttpStatus status, String code, String message) {
    context.status(status);
    String accept = context.header(Header.ACCEPT);
    if (accept != null && accept.contains("text/html")) {
      context.contentType("text/plain; charset=utf-8").result(message + "\n");
    } else {
      String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(message));
      context
          .contentType("application/json")
          .result("{\"error_code\":\"" + code + "\",\"message\":\"" + quoted + "\"}");
    }
  }
}
