package org.voxbench.tracking.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How requests become answers: JSON in and out, and every failure as MLflow's clients read it. */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingApi.class);

  /** What H2 says once a write has failed. */
  private static final String CLOSED = "90098";

  private Answers() {}

  static void query(Context context, Function<Payload, ObjectNode> endpoint)
      throws JsonProcessingException {
    answer(context, endpoint.apply(Payload.ofQuery(context.queryParamMap())));
  }

  static void body(Context context, Function<Payload, ObjectNode> endpoint) throws IOException {
    answer(context, endpoint.apply(read(context)));
  }

  /** The JSON that a request brings. */
  static Payload read(Context context) throws IOException {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw ApiException.invalid(
          "Bad Request. Content-Type must be 'application/json' but was '" + type + "'");
    }
    return Payload.ofBody(context.bodyInputStream());
  }

  static void answer(Context context, ObjectNode json) throws JsonProcessingException {
    context.contentType("application/json");
    context.result(Payload.MAPPER.writeValueAsBytes(json));
  }

  /** Turns every failure into the JSON that MLflow's clients read. */
  static Handler guarded(Handler handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (ApiException refusal) {
        refuse(context, refusal.code, String.valueOf(refusal.getMessage()));
      } catch (IOException gone) {
        LOG.warn("{} {} broke off: {}", context.method(), context.path(), gone.toString());
        refuse(context, ApiException.Code.INTERNAL_ERROR, "Reading or writing broke off: " + gone);
      } catch (Exception failure) {
        fail(context, failure);
      }
    };
  }

  // A log that grows by a page with every request would not help a full disk.
  private static void fail(Context context, Exception failure) throws JsonProcessingException {
    String known = known(failure);
    if (known.isEmpty()) {
      LOG.error("{} {} failed and is answered with 500", context.method(), context.path(), failure);
    } else {
      LOG.error("{} {} failed: {}", context.method(), context.path(), known);
    }
    String said = known.isEmpty() ? "see its log" : known;
    refuse(context, ApiException.Code.INTERNAL_ERROR, "The server failed: " + said);
  }

  /** What the cause is, where it is known to pass. */
  private static String known(Throwable failure) {
    String known = "";
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("No space")) {
        return "no space left on its disk";
      }
      if (cause instanceof SQLException sql && CLOSED.equals(sql.getSQLState())) {
        known = "its database was closed, as by a full disk, and is opened anew";
      }
      depth++;
    }
    return known;
  }

  static void refuse(Context context, ApiException.Code code, String message)
      throws JsonProcessingException {
    context.status(code.status);
    answer(context, Json.object().put("error_code", code.name()).put("message", message));
  }
}
