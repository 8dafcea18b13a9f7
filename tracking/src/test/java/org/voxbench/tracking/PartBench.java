package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.voxbench.tracking.server.TestServer;

/** A server behind a proxy, a file of ten parts, and whoever sends it. */
final class PartBench implements AutoCloseable {

  static final int PART = 10_000;
  static final int SIZE = 9 * PART + 17;
  static final String PATH = "weights/a model+1.bin";

  final Path folder;
  final Path notes;
  final Path file;
  final PartProxy proxy;

  private TestServer server;
  private Tracker tracker;
  private Credentials credentials = Credentials.none();
  Instant now = InstantSource.system().instant();

  PartBench(Path folder) throws IOException {
    this.folder = folder;
    notes = folder.resolve("notes");
    file = folder.resolve("file");
    write(1);
    server = start();
    proxy = new PartProxy(server.uri());
    tracker = tracker();
  }

  /** Gives the file other bytes. */
  void write(long seed) throws IOException {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    Files.write(file, bytes);
  }

  private TestServer start() {
    return new TestServer("jdbc:h2:" + folder.resolve("tracking"), folder.resolve("artifacts"));
  }

  private Tracker tracker() {
    InstantSource clock = () -> now;
    return new Tracker(
        proxy.uri(),
        credentials,
        Duration.ofSeconds(20),
        Duration.ZERO,
        new PartRules(notes, PART, PART, clock));
  }

  void restartServer() {
    server.stop();
    server = start();
    proxy.server = server.uri();
  }

  /** The sender ends, and another process takes over. */
  void restartSender() {
    tracker.close();
    tracker = tracker();
  }

  void use(Credentials used) {
    credentials = used;
    restartSender();
  }

  /** Sends the file once. */
  void send() throws TrackingException {
    tracker.open(new NewRun("e", "k", "n", Instant.EPOCH, Map.of())).artifact(PATH, file);
  }

  /** Whether an attempt got through. */
  boolean sent() throws TrackingException {
    try {
      send();
      return true;
    } catch (TrackingUnavailableException brokeOff) {
      return false;
    }
  }

  void assertThere() throws IOException {
    // An upload whose beginning was never heard of leaves its name for a day, and no more.
    assertThat(files(folder.resolve("artifacts")))
        .filteredOn(stored -> !stored.endsWith("target"))
        .singleElement()
        .satisfies(stored -> assertThat(stored).hasSameBinaryContentAs(file));
    assertThat(notesLeft()).isEmpty();
  }

  /** Where the server keeps the parts of what is not finished. */
  Path uploadThere() {
    return files(folder.resolve("artifacts")).stream()
        .filter(file -> file.endsWith("target"))
        .findFirst()
        .orElseThrow()
        .resolveSibling("");
  }

  List<Path> notesLeft() {
    return files(notes);
  }

  static List<Path> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    tracker.close();
    proxy.close();
    server.close();
  }
}
