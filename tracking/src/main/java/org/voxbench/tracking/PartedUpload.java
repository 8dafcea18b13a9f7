package org.voxbench.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads in parts by MLflow's protocol, so that a large file gets through a proxy with a time
 * limit, and goes on where it broke off, in this process or in a later one. A server that takes no
 * parts, or names a store for them that cannot be reached from here, is remembered.
 */
final class PartedUpload {

  private static final Logger LOG = LoggerFactory.getLogger(PartedUpload.class);

  private final Rest rest;
  private final PartRules rules;
  private final UploadNotes notes;
  private final UploadCalls calls;
  private final Arrival arrival;
  private final AtomicBoolean works = new AtomicBoolean(true);

  PartedUpload(Rest rest, Arrival arrival, PartRules rules) {
    this.rest = rest;
    this.rules = rules;
    this.notes = new UploadNotes(rules.notes(), rules.clock());
    this.calls = new UploadCalls(rest, arrival);
    this.arrival = arrival;
  }

  /**
   * Sends what the server does not have, and makes sure that all arrived.
   *
   * @return false when the file has to go whole
   * @throws TrackingUnavailableException when it broke off; the next attempt goes on from there
   */
  boolean put(OutgoingFile file) throws TrackingException {
    // MLflow takes a backslash for the end of a folder's name.
    if (!works.get() || file.size() <= rules.above() || file.name().contains("\\")) {
      return false;
    }
    Optional<UploadNote> known = notes.of(arrival.target(file).toString());
    if (known.isPresent() && goOn(file, known.get())) {
      return true;
    }
    Optional<UploadNote> begun = begin(file);
    if (begun.isEmpty() || goOn(file, begun.get())) {
      return begun.isPresent();
    }
    if (!begun.get().hasParts()) {
      works.set(false);
    }
    return false;
  }

  private Optional<UploadNote> begin(OutgoingFile file) throws TrackingException {
    long partSize = rules.partSize(file.size());
    long parts = UploadNote.parts(file.size(), partSize);
    HttpResponse<String> answer = calls.create(file, parts);
    if (Rest.isUnknown(answer)) {
      LOG.debug("the server takes no parts: HTTP {}", answer.statusCode());
      works.set(false);
      return Optional.empty();
    }
    if (answer.statusCode() / 100 != 2) {
      return begunWhole(file, answer);
    }
    JsonNode begun = calls.read(file, answer);
    String target = arrival.target(file).toString();
    String id = begun.path("upload_id").asText();
    try {
      List<PartPlace> places = new ArrayList<>();
      begun.path("credentials").forEach(place -> places.add(PartPlace.of(place)));
      return Optional.of(
          notes.begin(
              new UploadNote.Begun(target, file.sha256(), file.size(), partSize, id, places)));
    } catch (IllegalArgumentException unusable) {
      LOG.debug("the server's parts cannot be used: {}", unusable.getMessage());
      calls.abort(file, id);
      works.set(false);
      return Optional.empty();
    }
  }

  /**
   * A server that cannot begin an upload in parts, as for want of rights, may take a file whole.
   */
  private Optional<UploadNote> begunWhole(OutgoingFile file, HttpResponse<String> answer)
      throws TrackingException {
    boolean itsOwnFault = answer.statusCode() == 500;
    boolean notOfMlflow =
        answer.statusCode() / 100 == 4
            && !UploadCalls.mayPass(answer)
            && !answer.body().contains("\"error_code\"");
    if (itsOwnFault || notOfMlflow) {
      return Optional.empty();
    }
    throw calls.failure(file, answer);
  }

  /** False when the upload is of no use any more; then it is forgotten, here and there. */
  private boolean goOn(OutgoingFile file, UploadNote note) throws TrackingException {
    boolean same =
        note.begun().sha256().equals(file.sha256()) && note.begun().size() == file.size();
    boolean arrived = same && sendParts(file, note) && calls.complete(file, note);
    if (!arrived) {
      calls.abort(file, note.begun().id());
    }
    note.delete();
    return arrived;
  }

  private boolean sendParts(OutgoingFile file, UploadNote note) throws TrackingException {
    try (FileChannel content = FileChannel.open(file.file())) {
      PartSender sender = new PartSender(rest, arrival, file, content);
      for (int number : note.missing()) {
        Optional<String> tag = sender.send(note, number);
        if (tag.isEmpty()) {
          return false;
        }
        note.took(number, tag.get());
      }
      return true;
    } catch (IOException unreadable) {
      throw new TrackingRefusedException(
          file.what() + ": the file " + file.file() + " cannot be read: " + unreadable, unreadable);
    }
  }
}
