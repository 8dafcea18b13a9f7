package org.voxbench.workflows.shipping;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.Tracker;

/**
 * A tracking server that runs are told to.
 *
 * @param name in file names and messages: {@code embedded}, or host and a digest of the address
 */
record Target(String name, URI uri, Credentials credentials) {

  static final String EMBEDDED = "embedded";

  static Target embedded(URI uri, Credentials credentials) {
    return new Target(EMBEDDED, uri, credentials);
  }

  /**
   * A server of the user's.
   *
   * @throws IllegalArgumentException when the address is none
   */
  static Target remote(URI uri, Credentials credentials) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(uri.toString().replaceAll("/+$", "").getBytes(StandardCharsets.UTF_8));
      String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
      String name = host.replaceAll("[^a-z0-9.-]", "_");
      return new Target(name + "-" + HexFormat.of().formatHex(digest, 0, 4), uri, credentials);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Connects to nothing yet.
   *
   * @param uploads folder for notes on uploads that are under way
   */
  Tracker connect(TrackingShipper.Pace pace, Path uploads) {
    // The embedded server is never further away than this process: parts would cost copying twice.
    return name.equals(EMBEDDED)
        ? new Tracker(uri, credentials, pace.deadline(), pace.pause())
        : new Tracker(uri, credentials, pace.deadline(), pace.pause(), uploads);
  }
}
