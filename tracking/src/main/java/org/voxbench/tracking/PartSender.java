package org.voxbench.tracking;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the parts of one file, to the tracking server or to the store that it names for them. */
final class PartSender {

  private static final Logger LOG = LoggerFactory.getLogger(PartSender.class);
  private static final Set<Integer> STORE_MAY_PASS = Set.of(408, 425, 429);
  private static final String TAG = "ETag";

  private final Rest rest;
  private final Arrival arrival;
  private final OutgoingFile file;
  private final FileChannel content;

  PartSender(Rest rest, Arrival arrival, OutgoingFile file, FileChannel content) {
    this.rest = rest;
    this.arrival = arrival;
    this.file = file;
    this.content = content;
  }

  /**
   * Sends one part.
   *
   * @param number from 1 on
   * @return its tag; empty when this upload will never take it
   * @throws TrackingUnavailableException when it may take it later
   */
  Optional<String> send(UploadNote note, int number) throws TrackingException {
    UploadNote.Begun begun = note.begun();
    PartPlace place = begun.places().get(number - 1);
    long from = (number - 1) * begun.partSize();
    long length = Math.min(begun.partSize(), file.size() - from);
    AtomicReference<FilePart> read = new AtomicReference<>(new FilePart(content, from, length));
    CountedFile body =
        CountedFile.part(
            () -> read.updateAndGet(none -> new FilePart(content, from, length)), length);
    if (!place.isOwn()) {
      return sendElsewhere(place, body, note.hasParts());
    }
    HttpRequest request =
        rest.request(place.own(rest.host()))
            .header("Content-Type", "application/octet-stream")
            .PUT(body)
            .build();
    HttpResponse<String> answer =
        rest.send(file.what(), request, BodyHandlers.ofString(), patience(body));
    if (answer.statusCode() / 100 == 2) {
      return Optional.of(checked(answer, number, Objects.requireNonNull(read.get()).sha256()));
    }
    if (UploadCalls.mayPass(answer)) {
      throw rest.failure(file.what(), answer);
    }
    LOG.debug("{}: part {}: HTTP {}", file.what(), number, answer.statusCode());
    return Optional.empty();
  }

  private Rest.Patience patience(CountedFile body) {
    long length = body.contentLength();
    return new Rest.Patience(
        body::taken, taken -> taken < length ? rest.deadline() : arrival.storing(length));
  }

  /** The embedded server's tag is the SHA-256 of what it took. */
  private String checked(HttpResponse<?> answer, int number, String sha256)
      throws TrackingUnavailableException {
    String tag = answer.headers().firstValue(TAG).orElse("");
    if (tag.matches("\"?[0-9a-f]{64}\"?") && !tag.contains(sha256)) {
      throw new TrackingUnavailableException(
          file.what() + ": part " + number + " arrived otherwise than it was sent; it goes again");
    }
    return tag;
  }

  /** A store that failed before it took any part is taken for one that is not meant for us. */
  private Optional<String> sendElsewhere(PartPlace place, CountedFile body, boolean known)
      throws TrackingException {
    String where = file.what() + ": " + place.url().getHost();
    try {
      HttpRequest request = place.request().PUT(body).build();
      HttpResponse<String> answer =
          rest.sendElsewhere(file.what(), request, BodyHandlers.ofString(), patience(body));
      int status = answer.statusCode();
      if (status / 100 == 2) {
        return Optional.of(answer.headers().firstValue(TAG).orElse(""));
      }
      if (known && (STORE_MAY_PASS.contains(status) || (status >= 500 && status != 501))) {
        throw new TrackingUnavailableException(where + " answers HTTP " + status + " to a part");
      }
      LOG.info("{} refuses parts with HTTP {}", where, status);
    } catch (IOException broken) {
      if (known) {
        throw new TrackingUnavailableException(where + ": " + broken.getMessage(), broken);
      }
      LOG.info("{} cannot be reached for parts: {}", where, broken.getMessage());
    }
    return Optional.empty();
  }
}
