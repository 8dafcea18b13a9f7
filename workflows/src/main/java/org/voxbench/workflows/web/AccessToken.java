package org.voxbench.workflows.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.voxbench.steps.AtomicFiles;

/**
 * The secret that allows changes: 256 random bits made once for each home folder, kept in its file
 * {@code token} that only its owner may read.
 */
public final class AccessToken {

  private static final String FILE = "token";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final String PATTERN = "[A-Za-z0-9_-]{32,256}";

  private final String value;

  private AccessToken(String value) {
    this.value = value;
  }

  /**
   * The token of a home folder; made if there is none. Two processes that ask at once get the same.
   *
   * @throws IllegalStateException if the file holds no token; the message says how to mend it
   * @throws UncheckedIOException if it can be neither read nor written
   */
  public static AccessToken of(Path home) {
    Path file = home.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        create(home, file);
      }
      if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (!text.matches(PATTERN)) {
        throw new IllegalStateException(
            file
                + ": expected a token of at least 32 letters and digits but found "
                + text.length()
                + " characters; delete the file and a new one is made");
      }
      return new AccessToken(text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or write the token in " + file, e);
    }
  }

  /** Written whole under a name of its own, then linked: nobody ever reads half of a token. */
  private static void create(Path home, Path file) throws IOException {
    Files.createDirectories(home);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    FileAttribute<?>[] attributes =
        isPosix(home)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path draft = Files.createTempFile(home, FILE, ".new", attributes);
    try {
      Files.writeString(draft, text + "\n", StandardCharsets.US_ASCII);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first: its token counts.
    } catch (UnsupportedOperationException e) {
      AtomicFiles.write(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }

  /** The token itself, for clients of this server. */
  public String value() {
    return value;
  }

  /** Compares in a time that tells nothing about the token. */
  boolean matches(String offered) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
  }

  /** Says nothing: a token must not reach a log. */
  @Override
  public String toString() {
    return "AccessToken";
  }
}
