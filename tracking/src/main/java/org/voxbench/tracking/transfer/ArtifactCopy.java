package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/**
 * Copies the files of a run or logged model, one after the other through a file here, so that
 * neither side's bytes are ever in memory and each arrives with a known digest.
 */
final class ArtifactCopy {

  /** Deeper folders are not a tree but a loop. */
  private static final int DEEPEST = 64;

  private final Both both;
  private final Notes notes;

  ArtifactCopy(Both both, Notes notes) {
    this.both = both;
    this.notes = notes;
  }

  /** Lists one folder of one owner, with paths from the owner's root on. */
  private interface Lister {
    List<JsonNode> list(String path) throws TrackingException;
  }

  /** Takes a spooled file to the other side. */
  private interface Upload {
    String put(MlflowServer server, String path, java.nio.file.Path file) throws TrackingException;
  }

  void ofRun(String run, String uri, TrackedRun copy) throws TrackingException, IOException {
    Map<String, Long> there = new HashMap<>();
    for (JsonNode file : files(path -> ofRun(both.to(), copy.id(), path))) {
      there.put(file.path("path").asText(), file.path("file_size").asLong());
    }
    for (JsonNode file : files(path -> ofRun(both.from(), run, path))) {
      one(
          new Owner("run " + run, run, uri, copy.artifactUri()),
          file,
          there,
          (server, path, spool) -> copy.artifact(path, spool));
    }
  }

  /** The same for a logged model; both sides must proxy its files. */
  void ofModel(String model, String uri, String copyUri) throws TrackingException, IOException {
    Map<String, Long> there = new HashMap<>();
    for (JsonNode file : files(path -> below(both.to(), copyUri, path))) {
      there.put(file.path("path").asText(), file.path("file_size").asLong());
    }
    for (JsonNode file : files(path -> below(both.from(), uri, path))) {
      one(
          new Owner("model " + model, "", uri, copyUri),
          file,
          there,
          (server, path, spool) -> server.upload(copyUri, path, spool));
    }
  }

  /** Whose file it is, and where the files of both lie. */
  private record Owner(String shown, String run, String uri, String copyUri) {}

  private void one(Owner owner, JsonNode file, Map<String, Long> there, Upload upload)
      throws TrackingException, IOException {
    String path = file.path("path").asText();
    long size = file.path("file_size").asLong(-1);
    Long known = there.get(path);
    if (known != null && notes.hasArtifact(path, known)) {
      both.tally().there(Kind.ARTIFACT, 1);
      return;
    }
    try (Spool spool = new Spool(both)) {
      String digest = spool.fetch(owner.uri(), owner.run(), path, size);
      boolean same =
          known != null
              && known == spool.size()
              && digest.equals(spool.digestThere(owner.copyUri(), path));
      if (!same) {
        String stored = both.to().call(server -> upload.put(server, path, spool.file()));
        if (!stored.equals(digest)) {
          throw new IOException(spool.file() + " changed while it was being copied");
        }
        both.tally().copied(Kind.BYTE, spool.size());
      }
      both.tally().copied(Kind.ARTIFACT, same ? 0 : 1);
      both.tally().there(Kind.ARTIFACT, same ? 1 : 0);
      notes.artifact(path, spool.size());
    } catch (TrackingRefusedException refused) {
      both.tally()
          .refused(
              Kind.ARTIFACT, owner.shown() + ": " + path, String.valueOf(refused.getMessage()));
    }
  }

  /** All files, however deep. */
  private List<JsonNode> files(Lister lister) throws TrackingException {
    List<JsonNode> files = new ArrayList<>();
    try {
      walk("", 0, lister, files);
    } catch (TrackingRefusedException refused) {
      both.tally().refused(Kind.ARTIFACT, "a list", String.valueOf(refused.getMessage()));
    }
    return files;
  }

  private static void walk(String folder, int depth, Lister lister, List<JsonNode> files)
      throws TrackingException {
    for (JsonNode entry : lister.list(folder)) {
      String path = entry.path("path").asText();
      if (!entry.path("is_dir").asBoolean()) {
        files.add(entry);
      } else if (depth < DEEPEST && !path.equals(folder)) {
        walk(path, depth + 1, lister, files);
      }
    }
  }

  private static List<JsonNode> ofRun(Peer peer, String run, String path) throws TrackingException {
    List<JsonNode> entries = new ArrayList<>();
    String query = "artifacts/list?run_id=" + run + "&path=" + MlflowServer.encoded(path);
    peer.pages(query, "files", entries::add);
    return entries;
  }

  private static List<JsonNode> below(Peer peer, String uri, String folder)
      throws TrackingException {
    List<JsonNode> entries = new ArrayList<>();
    for (JsonNode entry : peer.call(server -> server.list(uri, folder)).path("files")) {
      String name = entry.path("path").asText();
      var whole =
          Peer.JSON.createObjectNode().put("path", folder.isEmpty() ? name : folder + "/" + name);
      whole.set("is_dir", entry.path("is_dir"));
      if (entry.has("file_size")) {
        whole.set("file_size", entry.path("file_size"));
      }
      entries.add(whole);
    }
    return entries;
  }
}
