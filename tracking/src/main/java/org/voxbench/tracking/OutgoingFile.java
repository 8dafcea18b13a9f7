package org.voxbench.tracking;

import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A file on its way to a server.
 *
 * @param what for messages
 * @param path where it belongs below the server's artifacts, not encoded
 * @param sha256 in hexadecimal
 * @param size in bytes
 */
record OutgoingFile(String what, String path, Path file, String sha256, long size) {

  /** The path of the folder it goes to. */
  String folder() {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** What it is called there. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Its digest as RFC 9530 writes it. */
  String digestField() {
    byte[] digest = HexFormat.of().parseHex(sha256);
    return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
  }
}
