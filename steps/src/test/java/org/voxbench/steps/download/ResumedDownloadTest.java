package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.RawDataset;

/** Downloads that go on from an earlier attempt while the server's file has become another one. */
@Timeout(60)
class ResumedDownloadTest {

  private static final int CHUNK = 20_000;
  private static final Patience SHORT =
      new Patience(4, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(1), CHUNK);

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();
  private byte[] archive = {};
  private byte[] longer = {};
  private String digest = "";

  @BeforeEach
  void packADatasetAndFetchTheStartOfAnotherFile() throws IOException {
    Path packed = Archives.tinyDataset(folder);
    archive = Files.readAllBytes(packed);
    digest = HttpsSource.digest(packed);
    longer = Arrays.copyOf(archive, archive.length + 3 * CHUNK);
    longer[500]++;
  }

  private void fetch(FaultyServer server, Path output, Optional<Path> earlier, AtomicBoolean stop)
      throws IOException {
    Source.RemoteFile file = new Source.RemoteFile(server.url("tiny.tar.gz"), digest);
    Source.Https source = new Source.Https(List.of(file), 1, null);
    Download.Request request =
        new Download.Request("tiny", List.of("CT"), Map.of(1, "spleen"), source);
    new HttpsSource(SHORT, Map.of())
        .fetch(source, request, told.context(output, earlier, stop::get));
  }

  /** Leaves the first four chunks of a file behind. */
  private Path interrupted(byte[] file, String validator) throws IOException {
    Path output = folder.resolve("first");
    AtomicBoolean stop = new AtomicBoolean();
    try (FaultyServer server =
        new FaultyServer(
            (asked, out) -> {
              if (asked.number() >= 5) {
                stop.set(true);
                FaultyServer.head(out, "503 Later", "Content-Length: 0");
              } else {
                serve(file, file.length, validator, asked, out);
              }
            })) {
      assertThatThrownBy(() -> fetch(server, output, Optional.empty(), stop))
          .isInstanceOfAny(StepStoppedException.class, TransientStepException.class);
    }
    Path part = output.resolve(HttpsSource.DOWNLOADS).resolve("tiny.tar.gz.part");
    assertThat(part).exists();
    assertThat(Files.readString(Path.of(part + ".json"), StandardCharsets.UTF_8))
        .contains("[0,1,2,3]");
    return output;
  }

  private static void serve(
      byte[] file, long total, String validator, FaultyServer.Asked asked, OutputStream out)
      throws IOException {
    if (asked.from() >= file.length) {
      FaultyServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
      return;
    }
    int to = (int) Math.min(file.length - 1, asked.to());
    int length = to - (int) asked.from() + 1;
    FaultyServer.head(
        out,
        "206 Partial Content",
        "Content-Length: " + length,
        validator,
        "Content-Range: bytes " + asked.from() + "-" + to + "/" + total);
    out.write(file, (int) asked.from(), length);
  }

  /** Goes on from the earlier attempt and tells which bytes were asked for. */
  private List<Long> resumed(Path earlier, FaultyServer.Behaviour behaviour) throws IOException {
    Path output = folder.resolve("second");
    try (FaultyServer server = new FaultyServer(behaviour)) {
      fetch(server, output, Optional.of(earlier), new AtomicBoolean());
      Path image = RawDataset.open(output).training().get(0).images().get(0);
      assertThat(image)
          .hasSameBinaryContentAs(folder.resolve("content/Task09_Tiny/imagesTr/x.nii.gz"));
      return server.asked.stream()
          .filter(asked -> asked.to() > 0)
          .map(FaultyServer.Asked::from)
          .distinct()
          .toList();
    }
  }

  private Long[] everyChunk() {
    Long[] chunks = new Long[(archive.length + CHUNK - 1) / CHUNK];
    Arrays.setAll(chunks, chunk -> (long) chunk * CHUNK);
    return chunks;
  }

  @Test
  void error416InTheMiddleOfAResumedDownloadStartsFromZero() throws IOException {
    Path earlier = interrupted(longer, "ETag: \"v1\"");
    AtomicBoolean refused = new AtomicBoolean();
    List<Long> asked =
        resumed(
            earlier,
            (request, out) -> {
              if (request.from() >= archive.length) {
                refused.set(true);
              }
              // Up to the first refusal a proxy still tells the old length, with the new bytes.
              int total = refused.get() ? archive.length : longer.length;
              serve(archive, total, "ETag: \"v1\"", request, out);
            });
    assertThat(refused).isTrue();
    assertThat(told.notes)
        .anyMatch(note -> note.contains("refuses byte") && note.endsWith("; starting afresh"));
    assertThat(asked).contains(everyChunk());
  }

  @Test
  void aFileThatShrankSinceTheEarlierAttemptIsFetchedFromZero() throws IOException {
    Path earlier = interrupted(longer, "ETag: \"v1\"");
    List<Long> asked =
        resumed(
            earlier,
            (request, out) -> serve(archive, archive.length, "ETag: \"v1\"", request, out));
    assertThat(asked).containsExactly(everyChunk());
  }

  @Test
  void aFileOfTheSameLengthWithoutAValidatorIsFoundOutByTheDigestAndFetchedFromZero()
      throws IOException {
    byte[] other = archive.clone();
    other[500]++;
    Path earlier = interrupted(other, "Server: none");
    List<Long> asked =
        resumed(
            earlier,
            (request, out) -> serve(archive, archive.length, "Server: none", request, out));
    assertThat(asked).containsExactlyInAnyOrder(everyChunk());
    assertThat(told.notes)
        .contains(
            "tiny.tar.gz: what an earlier attempt left does not fit the file on the server;"
                + " starting afresh");
  }

  @Test
  void aResumedFileThatIsWrongTwiceIsRefusedByItsDigest() throws IOException {
    byte[] other = archive.clone();
    other[500]++;
    Path earlier = interrupted(other, "Server: none");
    assertThatThrownBy(
            () ->
                resumed(
                    earlier,
                    (request, out) -> serve(other, other.length, "Server: none", request, out)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("expected SHA-256 " + digest + " but found");
  }
}
