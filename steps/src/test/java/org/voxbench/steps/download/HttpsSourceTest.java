package org.voxbench.steps.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.RawDataset;

@Timeout(60)
class HttpsSourceTest {

  private static final Patience SHORT =
      new Patience(4, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(1), 20_000);

  @TempDir private Path folder = Path.of("set by JUnit");
  private final DownloadTesting told = new DownloadTesting();
  private byte[] archive = {};
  private String digest = "";

  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letSilentServersGo() {
    over.countDown();
  }

  @BeforeEach
  void packADataset() throws IOException {
    Path packed = Archives.tinyDataset(folder);
    archive = Files.readAllBytes(packed);
    digest = HttpsSource.digest(packed);
  }

  private Download.Request request(FaultyServer server, String sha256, String tokenVariable) {
    return request(server, sha256, tokenVariable, 3);
  }

  private Download.Request request(
      FaultyServer server, String sha256, String tokenVariable, int parallel) {
    Source.RemoteFile file = new Source.RemoteFile(server.url("tiny.tar.gz"), sha256);
    Source.Https source =
        new Source.Https(List.of(file), parallel, tokenVariable.isEmpty() ? null : tokenVariable);
    return new Download.Request("tiny", List.of("CT"), Map.of(1, "spleen"), source);
  }

  private RawDataset fetch(FaultyServer server) throws IOException {
    return fetch(request(server, digest, ""), Map.of(), Optional.empty());
  }

  private RawDataset fetch(
      Download.Request request, Map<String, String> environment, Optional<Path> earlier)
      throws IOException {
    Path output = folder.resolve("output");
    Trees.delete(output);
    new HttpsSource(SHORT, environment)
        .fetch(
            (Source.Https) request.source(), request, told.context(output, earlier, () -> false));
    return RawDataset.open(output);
  }

  private void succeeds(FaultyServer.Behaviour behaviour) throws IOException {
    try (FaultyServer server = new FaultyServer(behaviour)) {
      RawDataset dataset = fetch(server);
      assertThat(dataset.trainingIds()).containsExactly("x");
      assertThat(Files.size(dataset.training().get(0).images().get(0))).isEqualTo(150_000);
      assertThat(folder.resolve("output").resolve(HttpsSource.DOWNLOADS)).doesNotExist();
    }
  }

  @Test
  void anHonestServerIsAskedForRangesInParallelAndProgressIsTold() throws IOException {
    succeeds((asked, out) -> FaultyServer.serve(archive, asked, out));
    assertThat(told.progress).contains((long) archive.length);
  }

  @Test
  void aServerWithoutRangesIsReadInOnePiece() throws IOException {
    succeeds(
        (asked, out) -> {
          FaultyServer.head(out, "200 OK", "Content-Length: " + archive.length);
          out.write(archive);
        });
  }

  @Test
  void aServerThatSaysNoLengthIsReadToTheEnd() throws IOException {
    succeeds(
        (asked, out) -> {
          FaultyServer.head(out, "200 OK");
          out.write(archive);
        });
  }

  @Test
  void connectionsCutAfterSomeBytesGoOnFromTheLastByte() throws IOException {
    AtomicLong sent = new AtomicLong();
    succeeds(
        (asked, out) -> {
          int to = (int) Math.min(archive.length - 1, asked.to());
          int length = to - (int) asked.from() + 1;
          FaultyServer.head(
              out,
              "206 Partial Content",
              "Content-Length: " + length,
              "Content-Range: bytes " + asked.from() + "-" + to + "/" + archive.length);
          int some = Math.min(length, 7000);
          out.write(archive, (int) asked.from(), some);
          sent.addAndGet(some);
        });
    assertThat(sent.get()).isEqualTo(archive.length + 1L);
  }

  @Test
  void aStalledConnectionIsGivenUpAndAskedAgain() throws IOException {
    succeeds(
        (asked, out) -> {
          if (asked.number() == 2) {
            FaultyServer.head(
                out,
                "206 Partial Content",
                "Content-Length: 20000",
                "Content-Range: bytes " + asked.from() + "-" + asked.to() + "/" + archive.length);
            out.write(archive, (int) asked.from(), 10);
            out.flush();
            staySilent();
            return;
          }
          FaultyServer.serve(archive, asked, out);
        });
  }

  private void staySilent() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void error500And429And503PassAfterAPause() throws IOException {
    List<String> failures =
        List.of("500 Internal Server Error", "429 Too Many Requests", "503 Service Unavailable");
    succeeds(
        (asked, out) -> {
          if (asked.number() < 3) {
            FaultyServer.head(
                out, failures.get(asked.number()), "Content-Length: 0", "Retry-After: 3600");
            return;
          }
          FaultyServer.serve(archive, asked, out);
        });
  }

  @Test
  void aServerThatNeverRecoversGivesATransientFailure() throws IOException {
    try (FaultyServer server =
        new FaultyServer((asked, out) -> FaultyServer.head(out, "500 No", "Content-Length: 0"))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(TransientStepException.class)
          .hasMessageContaining("gave up after 4 tries: the server answered 500");
      assertThat(server.asked).hasSize(4);
    }
  }

  @Test
  void error416OnTheProbeFallsBackToTheWholeFile() throws IOException {
    succeeds(
        (asked, out) -> {
          if (asked.from() >= 0) {
            FaultyServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
            return;
          }
          FaultyServer.serve(archive, asked, out);
        });
  }

  @Test
  void aLengthThatIsTooLongIsFoundOut() throws IOException {
    try (FaultyServer server =
        new FaultyServer(
            (asked, out) -> FaultyServer.serve(archive, archive.length + 70_000, asked, out))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(TransientStepException.class)
          .hasMessageContaining(
              "the server announced " + (archive.length + 70_000) + " bytes but refuses byte");
    }
  }

  @Test
  void aLengthThatIsTooShortIsFoundOutByTheDigest() throws IOException {
    byte[] less = Arrays.copyOf(archive, archive.length - 100);
    try (FaultyServer server =
        new FaultyServer((asked, out) -> FaultyServer.serve(less, asked, out))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("expected SHA-256 " + digest + " but found");
    }
  }

  @Test
  void aWholeFileThatEndsEarlyIsAskedAgainAndThenGivenUp() throws IOException {
    try (FaultyServer server =
        new FaultyServer(
            (asked, out) -> {
              FaultyServer.head(out, "200 OK", "Content-Length: " + (archive.length + 5));
              out.write(archive);
            })) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(TransientStepException.class)
          .hasMessageContaining("tiny.tar.gz: gave up after 4 tries");
    }
  }

  @Test
  void aFileReplacedInTheMiddleIsFetchedAfresh() throws IOException {
    AtomicBoolean replaced = new AtomicBoolean();
    succeeds(
        (asked, out) -> {
          if (asked.number() == 3) {
            replaced.set(true);
          }
          if (!replaced.get()) {
            byte[] old = archive.clone();
            old[500]++;
            FaultyServer.serve(old, asked, out);
            return;
          }
          int to = (int) Math.min(archive.length - 1, asked.to());
          FaultyServer.head(
              out,
              "206 Partial Content",
              "ETag: \"v2\"",
              "Content-Range: bytes " + asked.from() + "-" + to + "/" + archive.length);
          out.write(archive, (int) asked.from(), to - (int) asked.from() + 1);
        });
    assertThat(told.notes).anyMatch(note -> note.contains("starting afresh"));
  }

  @Test
  void aLaterAttemptFetchesOnlyWhatTheEarlierOneLacks() throws IOException {
    Path output = folder.resolve("first");
    AtomicLong served = new AtomicLong();
    FaultyServer.Behaviour behaviour =
        (asked, out) -> {
          if (asked.to() > 0) {
            served.addAndGet(1);
          }
          FaultyServer.serve(archive, asked, out);
        };
    AtomicBoolean stop = new AtomicBoolean();
    try (FaultyServer server =
        new FaultyServer(
            (asked, out) -> {
              if (asked.number() >= 5) {
                stop.set(true);
                FaultyServer.head(out, "503 Later", "Content-Length: 0");
                return;
              }
              behaviour.answer(asked, out);
            })) {
      Download.Request request = request(server, digest, "", 1);
      assertThatThrownBy(
              () ->
                  new HttpsSource(SHORT, Map.of())
                      .fetch(
                          (Source.Https) request.source(),
                          request,
                          told.context(output, Optional.empty(), stop::get)))
          .isInstanceOfAny(StepStoppedException.class, TransientStepException.class);
    }
    long before = served.get();
    assertThat(before).isEqualTo(4);
    try (FaultyServer server = new FaultyServer(behaviour)) {
      fetch(request(server, digest, ""), Map.of(), Optional.of(output));
      long chunks = (archive.length + 19_999L) / 20_000;
      assertThat(served.get() - before).isEqualTo(chunks - before);
    }
  }

  @Test
  void theTokenComesFromTheEnvironmentAndGoesToItsHostOnly() throws IOException {
    try (FaultyServer other =
            new FaultyServer((asked, out) -> FaultyServer.serve(archive, asked, out));
        FaultyServer server =
            new FaultyServer(
                (asked, out) -> {
                  if (!"Bearer secret".equals(asked.headers().get("authorization"))) {
                    FaultyServer.head(out, "401 Unauthorized", "Content-Length: 0");
                    return;
                  }
                  FaultyServer.serve(archive, asked, out);
                })) {
      assertThatThrownBy(() -> fetch(request(server, digest, ""), Map.of(), Optional.empty()))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("401")
          .hasMessageContaining("tokenVariable");
      assertThatThrownBy(() -> fetch(request(server, digest, "TOKEN"), Map.of(), Optional.empty()))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("the environment variable TOKEN is not set");
      assertThat(
              fetch(request(server, digest, "TOKEN"), Map.of("TOKEN", "secret"), Optional.empty())
                  .trainingIds())
          .hasSize(1);
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void aRedirectIsFollowedButNotToAnotherHostWithoutEncryption() throws IOException {
    succeeds(
        (asked, out) -> {
          if ("/tiny.tar.gz".equals(asked.headers().get(":path"))) {
            FaultyServer.head(out, "302 Found", "Location: /moved", "Content-Length: 0");
            return;
          }
          FaultyServer.serve(archive, asked, out);
        });
    try (FaultyServer server =
        new FaultyServer(
            (asked, out) ->
                FaultyServer.head(
                    out, "302 Found", "Location: http://example.org/x", "Content-Length: 0"))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("refused to follow a redirect to http://example.org/x");
    }
  }

  @Test
  void aMissingFileIsNotAskedForTwice() throws IOException {
    try (FaultyServer server =
        new FaultyServer((asked, out) -> FaultyServer.head(out, "404 No", "Content-Length: 0"))) {
      assertThatThrownBy(() -> fetch(server))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("the server answered 404")
          .hasMessageContaining("correct dataset.source.files.url");
      assertThat(server.asked).hasSize(1);
    }
  }

  @Test
  void addressesWithoutEncryptionAndBrokenDigestsAreRefused() {
    assertThatThrownBy(() -> new Source.RemoteFile("http://example.org/a.tar", "0".repeat(64)))
        .hasMessageContaining("expected an https address");
    assertThatThrownBy(() -> new Source.RemoteFile("https://example.org/a.tar", "beef"))
        .hasMessageContaining("expected 64 hexadecimal digits but was beef");
  }

  @Test
  void somethingOtherThanAnArchiveIsNamed() throws IOException {
    byte[] page = "<html>please log in</html>".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("page"), page);
    String sha256 = HttpsSource.digest(file);
    try (FaultyServer server =
        new FaultyServer((asked, out) -> FaultyServer.serve(page, asked, out))) {
      assertThatThrownBy(() -> fetch(request(server, sha256, ""), Map.of(), Optional.empty()))
          .isInstanceOf(PermanentStepException.class)
          .hasMessageContaining("expected a zip, tar or tar.gz archive");
    }
  }

  @Test
  void silenceIsNoEndlessWait() throws IOException {
    try (FaultyServer server = new FaultyServer((asked, out) -> staySilent())) {
      assertThatThrownBy(() -> fetch(server)).isInstanceOf(TransientStepException.class);
    }
  }
}
