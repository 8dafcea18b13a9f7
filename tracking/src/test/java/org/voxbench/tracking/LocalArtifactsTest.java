package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlflow.tracking.MlflowClient;

/** Servers that keep artifacts in a folder and expect their clients to write there. */
class LocalArtifactsTest {

  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(folder.resolve("weights"), "some weights");
  }

  private static String put(String server, String root, String path, Path file) throws Exception {
    try (Shipper shipper =
        new Shipper(
            () -> new MlflowClient(server), Duration.ofSeconds(1), Duration.ZERO, () -> 0L)) {
      Rest rest = new Rest(server, Credentials.none(), Duration.ofSeconds(1), shipper);
      return new ArtifactUpload(rest, null).put(root, path, file);
    }
  }

  @Test
  void aFolderOfTheSameMachineIsWrittenToWithoutAskingTheServer() throws Exception {
    Path root = folder.resolve("mlruns/1/" + RUN + "/artifacts");
    for (String uri : new String[] {root.toString(), root.toUri().toString()}) {
      String digest = put("http://127.0.0.1:1", uri, "model/data/weights #1", file);
      assertThat(root.resolve("model/data/weights #1")).hasContent("some weights");
      assertThat(digest).hasSize(64);
      try (Stream<Path> all = Files.walk(root)) {
        assertThat(all.filter(Files::isRegularFile)).hasSize(1);
      }
    }
  }

  @Test
  void aServerElsewhereMayNotNameAFolderOfThisMachine() {
    Path root = folder.resolve("mlruns/1/" + RUN + "/artifacts");
    assertThatThrownBy(() -> put("http://mlflow.example.org", root.toString(), "f", file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining("--artifacts-destination");
    assertThat(root).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc",
        "file:///home/user/.ssh",
        "/tmp/../etc/" + RUN + "/artifacts",
        "file://host/share/" + RUN + "/artifacts",
        "relative/" + RUN + "/artifacts",
        "/tmp/" + RUN + "/artifacts/..",
        "file:///tmp/%2e%2e/etc/" + RUN + "/artifacts"
      })
  void aFolderThatIsNotThatOfARunIsNotTrusted(String root) {
    assertThat(LocalArtifacts.folder(root, "http://localhost:5000")).isEmpty();
    assertThatThrownBy(() -> put("http://localhost:1", root, "f", file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining(root);
  }

  @Test
  void aLinkOutOfTheFolderIsNotFollowed() throws Exception {
    Path root = folder.resolve("mlruns/1/" + RUN + "/artifacts");
    Files.createDirectories(root);
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.createSymbolicLink(root.resolve("link"), outside);
    assertThatThrownBy(() -> put("http://127.0.0.1:1", root.toString(), "link/f", file))
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("by a link");
    assertThat(outside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://bucket/1/r/artifacts", "gs://b/x", "wasbs://c@a/x", "dbfs:/x", "hdfs://h/x"})
  void aStoreBehindTheServerNeedsItsProxy(String root) {
    assertThatThrownBy(() -> put("http://127.0.0.1:1", root, "f", file))
        .isInstanceOf(TrackingRefusedException.class)
        .hasMessageContaining(URI.create(root).getScheme())
        .hasMessageContaining("start it with --artifacts-destination");
  }
}
