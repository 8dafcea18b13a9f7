package org.voxbench.tracking.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How requests become answers: JSON in and out, and every failure as MLflow's clients read it. */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingApi.class);

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
        LOG.error(
            "{} {} failed and is answered with 500", context.method(), context.path(), failure);
        refuse(context, ApiException.Code.INTERNAL_ERROR, "The server failed: see its log");
      }
    };
  }

  static void refuse(Context context, ApiException.Code code, String message)
      throws JsonProcessingException {
    context.status(code.status);
    answer(context, Json.object().put("error_code", code.name()).put("message", message));
  }
}
