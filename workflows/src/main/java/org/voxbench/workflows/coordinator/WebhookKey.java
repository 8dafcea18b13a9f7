package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.voxbench.workflows.Home;

/**
 * What alerts are signed with: the text of {@code webhook.key} in the home folder, which only its
 * owner may read. Somebody's own text counts as well.
 *
 * @param file where it stands
 */
public record WebhookKey(Path file) {

  /** The key of a home folder; made where there is none, so that a receiver can be set up. */
  public static WebhookKey of(Home home) throws IOException {
    Path file = home.root().resolve("webhook.key");
    if (!Files.exists(file)) {
      create(home.root(), file);
    }
    return new WebhookKey(file);
  }

  /** Written whole under a name of its own, then linked: nobody ever signs with half a key. */
  private static void create(Path folder, Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    Path draft =
        Files.createTempFile(
            folder,
            "webhook",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(draft, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first: its key counts.
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  byte[] secret() throws IOException {
    return Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
  }
}
