package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Uploads in parts, as MLflow's Python client makes them when asked to: the parts may come in any
 * order and at once, and lie apart until all are there. An upload outlives its server: one that
 * nobody ends is deleted a day after its last part.
 */
final class MultipartUploads {

  private static final int MOST_PARTS = 10_000;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final String TARGET = "target";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,4}");
  private static final Pattern KEPT_FILE = Pattern.compile(TARGET + "|[1-9]\\d{0,4}-[0-9a-f]{64}");

  private final ArtifactStore store;
  private final Artifacts artifacts;
  private final InstantSource clock;

  MultipartUploads(ArtifactStore store, Artifacts artifacts, InstantSource clock) {
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  /** Begins one; the answer says where each part goes. */
  void create(Context context) throws IOException {
    Payload request = Answers.read(context);
    ArtifactPath path = path(context, request);
    artifacts.requireOwner(path);
    long parts = request.int64("num_parts", 1);
    if (parts < 1 || parts > MOST_PARTS) {
      throw ApiException.invalid("num_parts: expected 1 to " + MOST_PARTS + " but found " + parts);
    }
    deleteOld();
    String id = UUID.randomUUID().toString().replace("-", "");
    Path folder = Files.createDirectory(store.incoming().resolve(id));
    Files.writeString(folder.resolve(TARGET), path.whole());
    ObjectNode answer = Json.object().put("upload_id", id);
    ArrayNode credentials = answer.putArray("credentials");
    for (long part = 1; part <= parts; part++) {
      ObjectNode one = credentials.addObject();
      one.put("url", Artifacts.address(context, "mpu/parts/" + id + "/" + part));
      one.put("part_number", part).set("headers", Artifacts.credentials(context));
    }
    Answers.answer(context, answer);
  }

  /** The path names a folder, the body the file as it is called at its sender's. */
  private static ArtifactPath path(Context context, Payload request) {
    String local = request.required("path");
    String name = local.substring(Math.max(local.lastIndexOf('/'), local.lastIndexOf('\\')) + 1);
    return ArtifactPath.of(context.pathParam("path").replaceFirst("/+$", "") + "/" + name);
  }

  /** Deletes what broke off with an earlier server; whole parts stay, since they may go on. */
  void deleteLeftovers() {
    try {
      if (!store.isUsed()) {
        return;
      }
      store.deleteLeftovers();
      deleteOld();
      try (var uploads = Files.newDirectoryStream(store.incoming(), Files::isDirectory)) {
        for (Path upload : uploads) {
          deleteHalves(upload);
        }
      }
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }

  private static void deleteHalves(Path upload) throws IOException {
    try (var halves =
        Files.newDirectoryStream(
            upload, file -> !KEPT_FILE.matcher(String.valueOf(file.getFileName())).matches())) {
      for (Path half : halves) {
        ArtifactStore.deleteTree(half);
      }
    }
  }

  private void deleteOld() throws IOException {
    Instant before = clock.instant().minus(KEPT);
    try (var uploads = Files.newDirectoryStream(store.incoming(), Files::isDirectory)) {
      for (Path upload : uploads) {
        if (Files.getLastModifiedTime(upload).toInstant().isBefore(before)) {
          ArtifactStore.deleteTree(upload);
        }
      }
    }
  }

  private Path folder(String id) throws IOException {
    Path folder = store.incoming().resolve(ID.matcher(id).matches() ? id : "none");
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw ApiException.missing("No multipart upload '" + id + "' is under way");
    }
    return folder;
  }

  /** Takes one part; sent again it replaces the first. */
  void part(Context context) throws IOException {
    Path folder = folder(context.pathParam("upload"));
    String number = context.pathParam("part");
    if (!NUMBER.matcher(number).matches()) {
      throw ApiException.invalid("expected the number of a part but found '" + number + "'");
    }
    Path temporary = folder.resolve(UUID.randomUUID() + ".tmp");
    try {
      MessageDigest sha256 = ArtifactStore.sha256();
      Files.copy(new DigestInputStream(context.bodyInputStream(), sha256), temporary);
      String tag = HexFormat.of().formatHex(sha256.digest());
      // Its sender will not send it again, whatever happens to this machine.
      ArtifactStore.sync(temporary);
      // The tag stands in the name, so that a part and its tag cannot come apart.
      Files.move(
          temporary, folder.resolve(number + "-" + tag), StandardCopyOption.REPLACE_EXISTING);
      context.header("ETag", tag);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Joins the parts in their order, once each is there with the tag that its sender got for it, and
   * answers with the digest of the whole. A sender that announces another one is refused.
   */
  void complete(Context context) throws IOException {
    Payload request = Answers.read(context);
    ArtifactPath path = path(context, request);
    Path folder = own(request, path);
    List<Payload> parts = request.list("parts");
    if (parts.isEmpty()) {
      throw ApiException.invalid("parts: expected at least one");
    }
    // Its sender may ask again while this goes on, so that the name is of this request alone.
    Path whole = folder.resolve(UUID.randomUUID() + ".tmp");
    try {
      String digest = join(folder, parts, whole);
      String expected = context.header(Artifacts.DIGEST);
      if (expected != null && expected.startsWith("sha-256=") && !expected.equals(digest)) {
        throw ApiException.invalid(
            "the parts of '" + path.path() + "' have digest " + digest + " and not " + expected);
      }
      artifacts.requireOwner(path);
      store.publish(whole, path);
      context.header(Artifacts.DIGEST, digest);
    } finally {
      Files.deleteIfExists(whole);
    }
    ArtifactStore.deleteTree(folder);
    Answers.answer(context, Json.object());
  }

  private static String join(Path folder, List<Payload> parts, Path whole) throws IOException {
    MessageDigest sha256 = ArtifactStore.sha256();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(whole), sha256)) {
      for (int i = 0; i < parts.size(); i++) {
        Files.copy(part(folder, parts.get(i), i + 1), out);
      }
    }
    return ArtifactStore.field(sha256);
  }

  private static Path part(Path folder, Payload part, int expected) {
    long number = part.requiredInt64("part_number");
    if (number != expected) {
      throw ApiException.invalid(
          "parts: expected part " + expected + " in this place but found " + number);
    }
    String tag = part.text("etag", "").replace("\"", "");
    Path file = folder.resolve(number + "-" + (tag.matches("[0-9a-f]{64}") ? tag : "none"));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw ApiException.invalid("parts: part " + number + " with tag '" + tag + "' did not come");
    }
    return file;
  }

  /** The upload that a request names, which must be of the path that it names. */
  private Path own(Payload request, ArtifactPath path) throws IOException {
    Path folder = folder(request.text("upload_id", ""));
    if (!Files.readString(folder.resolve(TARGET)).equals(path.whole())) {
      throw ApiException.invalid("this upload is of another path");
    }
    return folder;
  }

  /** Forgets one. */
  void abort(Context context) throws IOException {
    Payload request = Answers.read(context);
    ArtifactStore.deleteTree(own(request, path(context, request)));
    Answers.answer(context, Json.object());
  }
}
