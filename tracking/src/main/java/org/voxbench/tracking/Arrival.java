package org.voxbench.tracking;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/**
 * Finds out whether a file arrived, by its SHA-256: a server that answers with {@code Repr-Digest}
 * (RFC 9530) has computed it, from any other the file is read back.
 */
final class Arrival {

  static final String DIGEST = "Repr-Digest";

  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final Rest rest;

  Arrival(Rest rest) {
    this.rest = rest;
  }

  /** Where a file lies once it arrived. */
  URI target(OutgoingFile file) {
    return URI.create(rest.host() + ARTIFACTS + UrlText.path(file.path()));
  }

  /** Makes sure that what was stored is the file. */
  void check(OutgoingFile file, HttpResponse<?> stored) throws TrackingException {
    if (!isConfirmed(file, stored) && !file.sha256().equals(digestThere(file))) {
      throw new TrackingUnavailableException(
          file.what()
              + ": what the server holds differs from "
              + file.file()
              + "; it is sent again");
    }
    rest.available();
  }

  private static boolean isConfirmed(OutgoingFile file, HttpResponse<?> answer) {
    return answer.headers().firstValue(DIGEST).filter(file.digestField()::equals).isPresent();
  }

  /** Whether the file lies there already. */
  boolean isThere(OutgoingFile file) throws TrackingException {
    Sha256Body body = new Sha256Body();
    HttpRequest question =
        rest.request(target(file))
            .header("Want-Repr-Digest", "sha-256=1")
            .header("Range", "bytes=0-0")
            .GET()
            .build();
    HttpResponse<byte[]> answer =
        rest.send(file.what(), question, body.handler(), patience(body::arrived, file.size()));
    if (answer.statusCode() / 100 != 2 || answer.headers().firstValue(DIGEST).isPresent()) {
      return answer.statusCode() / 100 == 2 && isConfirmed(file, answer);
    }
    String digest = HexFormat.of().formatHex(answer.body());
    return file.sha256().equals(answer.statusCode() == 206 ? digestThere(file) : digest);
  }

  private String digestThere(OutgoingFile file) throws TrackingException {
    Sha256Body body = new Sha256Body();
    HttpResponse<byte[]> response =
        rest.send(
            file.what(),
            rest.request(target(file)).GET().build(),
            body.handler(),
            patience(body::arrived, file.size()));
    if (response.statusCode() / 100 != 2) {
      throw new TrackingUnavailableException(
          file.what() + ": stored, but reading it back gives HTTP " + response.statusCode());
    }
    return HexFormat.of().formatHex(response.body());
  }

  /** Before its first byte comes back a server may take its time to fetch or join so many. */
  private Rest.Patience patience(LongSupplier arrived, long size) {
    return new Rest.Patience(arrived, bytes -> bytes > 0 ? rest.deadline() : storing(size));
  }

  /** How long a server may take to pass a file on to a store behind it, once all is sent. */
  Duration storing(long size) {
    return rest.deadline().plusSeconds(size / SLOWEST_BYTES_PER_SECOND);
  }
}
