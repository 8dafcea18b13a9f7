package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that begin and end an upload in parts. */
final class UploadCalls {

  private static final Logger LOG = LoggerFactory.getLogger(UploadCalls.class);
  private static final String UPLOADS = "/api/2.0/mlflow-artifacts/mpu/";
  private static final Set<Integer> MAY_PASS = Set.of(401, 403, 408, 425, 429);

  private final Rest rest;
  private final Arrival arrival;

  UploadCalls(Rest rest, Arrival arrival) {
    this.rest = rest;
    this.arrival = arrival;
  }

  /** Whether the tracking server may answer the same call otherwise later. */
  static boolean mayPass(HttpResponse<?> answer) {
    int status = answer.statusCode();
    return MAY_PASS.contains(status) || (status >= 500 && status != 501);
  }

  private HttpResponse<String> ask(String call, OutgoingFile file, ObjectNode body)
      throws TrackingException {
    HttpRequest request =
        rest.request(URI.create(rest.host() + UPLOADS + call + "/" + UrlText.path(file.folder())))
            .header("Content-Type", "application/json")
            .header(Arrival.DIGEST, file.digestField())
            .POST(BodyPublishers.ofString(body.put("path", file.name()).toString()))
            .build();
    // Parts are joined, or passed on to a store, before the answer comes.
    Rest.Patience patience = new Rest.Patience(() -> 0, none -> arrival.storing(file.size()));
    return rest.send(file.what(), request, BodyHandlers.ofString(), patience);
  }

  HttpResponse<String> create(OutgoingFile file, long parts) throws TrackingException {
    return ask("create", file, Rest.JSON.createObjectNode().put("num_parts", parts));
  }

  JsonNode read(OutgoingFile file, HttpResponse<String> answer) throws TrackingException {
    return rest.read(file.what(), answer.body());
  }

  TrackingException failure(OutgoingFile file, HttpResponse<String> answer) {
    return rest.failure(file.what(), answer);
  }

  /**
   * Has the parts joined, and makes sure that they are the file.
   *
   * @return false when the server cannot do so with what it has
   */
  boolean complete(OutgoingFile file, UploadNote note) throws TrackingException {
    HttpResponse<String> answer = ask("complete", file, note.parts());
    if (answer.statusCode() / 100 == 2) {
      arrival.check(file, answer);
      return true;
    }
    // MLflow answers 500 where the store does not know the upload any more.
    boolean own = note.begun().places().get(0).isOwn();
    if (mayPass(answer) && (own || answer.statusCode() != 500)) {
      throw failure(file, answer);
    }
    LOG.debug("{}: HTTP {} {}", file.what(), answer.statusCode(), answer.body());
    // It may have been done at the last attempt, and the answer was lost.
    return arrival.isThere(file);
  }

  /** Has the server forget an upload; one that cannot be told now forgets by itself. */
  void abort(OutgoingFile file, String upload) {
    try {
      ObjectNode body = Rest.JSON.createObjectNode().put("upload_id", upload);
      HttpResponse<String> answer = ask("abort", file, body);
      LOG.debug("{}: the upload is given up: HTTP {}", file.what(), answer.statusCode());
    } catch (TrackingException unreachable) {
      LOG.debug("an upload is left to its server: {}", unreachable.getMessage());
    }
  }
}
