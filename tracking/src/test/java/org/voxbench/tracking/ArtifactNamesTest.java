package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voxbench.tracking.server.TestServer;

/**
 * Artifacts of all sizes and names: each arrives under its own name, or is refused with a reason.
 */
@Timeout(300)
class ArtifactNamesTest {

  @TempDir private Path folder = Path.of("");
  private TestServer server;
  private Tracker tracker;
  private TrackedRun run;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(folder.resolve("artifacts"));
    tracker = new Tracker(server.uri(), Credentials.none(), Duration.ofSeconds(20), Duration.ZERO);
    run = tracker.open(new NewRun("names", "k", "n", Instant.EPOCH, Map.of()));
  }

  @AfterEach
  void stop() {
    tracker.close();
    server.close();
  }

  private Path stored(String path) {
    String root = run.artifactUri().substring("mlflow-artifacts:/".length());
    return folder.resolve("artifacts").resolve(root).resolve(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a#b", "a?b=c&d", "100 %", "ü ß+🫀", "..a", "a/b/c", "~", "a;b"})
  void anOddNameArrivesAsItIs(String name) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), name);
    run.artifact(name, file);
    assertThat(stored(name)).hasContent(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../b", "a//b", "/etc/passwd", "", ".", "a/", "a/./b"})
  void aNameThatLeadsElsewhereIsRefused(String name) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), name);
    assertThatThrownBy(() -> run.artifact(name, file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("expected a relative path");
    assertThat(filesBelow(folder.resolve("artifacts"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%2e%2e", "%2F%00", "a/%2e%2e/b"})
  void aNameThatServersReadAsAnotherIsRefusedByThem(String name) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), name);
    assertThatThrownBy(() -> run.artifact(name, file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("Invalid path");
    assertThat(filesBelow(folder.resolve("artifacts"))).isEmpty();
  }

  @Test
  void aNameOf300CharactersIsRefusedWithItsLength() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "f");
    assertThatThrownBy(() -> run.artifact("x".repeat(300), file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("300 characters")
        .hasMessageContaining("give the file a shorter one");
    run.artifact("x".repeat(150) + "/" + "y".repeat(149), file);
    assertThat(stored("x".repeat(150) + "/" + "y".repeat(149))).hasContent("f");
  }

  @Test
  void anEmptyFileArrives() throws Exception {
    String digest = run.artifact("empty", Files.createFile(folder.resolve("f")));
    assertThat(digest).startsWith("e3b0c44298fc1c14");
    assertThat(stored("empty")).isEmptyFile();
  }

  @Test
  @Tag("slow")
  void aFileOf3GibibytesIsStreamedThroughASmallHeap() throws Exception {
    Path file = folder.resolve("large");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(3L << 30);
      large.seek((3L << 30) - 1);
      large.write(7);
    }
    run.artifact("large", file);
    assertThat(Files.size(stored("large"))).isEqualTo(3L << 30);
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
