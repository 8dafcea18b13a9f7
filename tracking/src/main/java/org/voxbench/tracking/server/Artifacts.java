package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The artifact endpoints: two ways to list, and get, put and delete of raw bytes. */
final class Artifacts {

  /** Digest of the whole file, RFC 9530. */
  static final String DIGEST = "Repr-Digest";

  private final TrackingDatabase database;
  private final ArtifactStore store;

  Artifacts(TrackingDatabase database, ArtifactStore store) {
    this.database = database;
    this.store = store;
  }

  /** Lists by run id, with paths from the run's folder on. */
  ObjectNode listOfRun(Payload request) {
    String run = request.runId();
    String below = ArtifactPath.checked(request.text("path", ""));
    String experiment = experiment(run);
    ObjectNode answer =
        Json.object().put("root_uri", ArtifactPath.SCHEME + ArtifactPath.ofRun(experiment, run));
    String prefix = below.isEmpty() ? "" : below + "/";
    return Json.with(answer, "files", files(new ArtifactPath(experiment, run, below), prefix));
  }

  /** Lists the files of a logged model, with paths from its folder on. */
  ObjectNode listOfModel(String model, Payload request) {
    String below = ArtifactPath.checked(request.text("artifact_directory_path", ""));
    String experiment = database.read(handle -> LoggedModelRows.experiment(handle, model));
    ObjectNode answer =
        Json.object()
            .put("root_uri", ArtifactPath.SCHEME + ArtifactPath.ofModel(experiment, model));
    String prefix = below.isEmpty() ? "" : below + "/";
    return Json.with(answer, "files", files(new ArtifactPath(experiment, model, below), prefix));
  }

  private String experiment(String run) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT experiment_id FROM tracking.run WHERE id = ?")
                .bind(0, run)
                .mapTo(String.class)
                .findOne()
                .orElseThrow(() -> RunRows.unknown(run)));
  }

  /** Lists by artifact path, with paths from the folder asked for on. */
  ObjectNode list(Payload request) {
    ArtifactPath path = ArtifactPath.of(request.text("path", ""));
    return Json.with(Json.object(), "files", files(path, ""));
  }

  private List<ObjectNode> files(ArtifactPath path, String prefix) {
    try {
      return store.list(path).stream().map(entry -> json(prefix, entry)).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static ObjectNode json(String prefix, ArtifactStore.Entry entry) {
    ObjectNode file = Json.object().put("path", prefix + entry.name());
    file.put("is_dir", entry.folder());
    return entry.folder() ? file : file.put("file_size", entry.size());
  }

  private static ArtifactPath path(Context context) {
    return ArtifactPath.of(context.pathParam("path"));
  }

  /** Refuses a path whose run or model is not there. */
  void requireOwner(ArtifactPath path) {
    String owner =
        path.isOfModel()
            ? database.read(handle -> LoggedModelRows.experiment(handle, path.run()))
            : experiment(path.run());
    if (!owner.equals(path.experiment())) {
      throw ApiException.missing(path.run() + " is not in experiment " + path.experiment());
    }
  }

  void put(Context context) throws IOException {
    ArtifactPath path = path(context);
    requireOwner(path);
    String digest = store.put(path, context.bodyInputStream(), context.header(DIGEST));
    context.header(DIGEST, digest);
  }

  void delete(Context context) throws IOException {
    store.delete(path(context));
    context.json(Json.object());
  }

  /**
   * Says where a client that downloads in parts finds a file: here, by the credentials it came
   * with.
   */
  void directions(Context context) throws IOException {
    ArtifactPath path = path(context);
    Path file = require(path);
    ObjectNode answer = Json.object().put("url", address(context, "artifacts/" + path.encoded()));
    answer.set("headers", credentials(context));
    Answers.answer(context, answer.put("file_size", Files.size(file)));
  }

  private Path require(ArtifactPath path) {
    Path file = store.file(path);
    if (file == null) {
      throw ApiException.missing("No artifact '" + path.path() + "' in run " + path.run());
    }
    return file;
  }

  /** An address of this server as the client of a request knows it. */
  static String address(Context context, String path) {
    String url = context.url();
    return url.substring(0, url.indexOf("/mlflow-artifacts/")) + "/mlflow-artifacts/" + path;
  }

  /** What lets a client in that sends a later request without its own credentials. */
  static ObjectNode credentials(Context context) {
    ObjectNode headers = Json.object();
    for (String name : List.of("Authorization", "X-Voxbench-Token")) {
      String value = context.header(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  /**
   * What a client may use unasked. Multipart transfers work, but need an address that the client
   * reaches directly, so they stay with those who ask for them.
   */
  static ObjectNode capabilities() {
    ObjectNode answer = Json.object().put("store_type", "SqlStore");
    for (String absent :
        List.of(
            "workspaces_enabled",
            "trace_archival_enabled",
            "multipart_uploads_enabled",
            "multipart_downloads_enabled",
            "presigned_upload_run_id_supported",
            "presigned_upload_model_id_supported")) {
      answer.put(absent, false);
    }
    answer.putObject("features_enabled").put("gateway", false);
    return answer;
  }

  // Sent as a download of unknown type, so that no browser runs an uploaded page as this server's.
  void get(Context context) throws IOException {
    ArtifactPath path = path(context);
    Path file = require(path);
    context.disableCompression();
    context.contentType("application/octet-stream");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Accept-Ranges", "bytes");
    String name = ArtifactPath.encoded(String.valueOf(file.getFileName()));
    context.header("Content-Disposition", "attachment; filename*=UTF-8''" + name);
    // Reading the file twice is for those who ask for it (RFC 9530).
    if (String.valueOf(context.header("Want-Repr-Digest")).contains("sha-256")) {
      context.header(DIGEST, ArtifactStore.digest(file));
    }
    send(context, file);
  }

  private static void send(Context context, Path file) throws IOException {
    long size = Files.size(file);
    boolean conditional = context.header("If-Range") != null;
    ByteRange asked = conditional ? null : ByteRange.parse(context.header("Range"), size);
    ByteRange range = asked == null ? new ByteRange(0, size) : asked;
    if (asked != null) {
      context.status(asked.isOutside() ? 416 : 206);
      context.header("Content-Range", asked.contentRange(size));
    }
    context.header("Content-Length", Long.toString(range.length()));
    context.result(new FileSlice(file, range));
  }
}
