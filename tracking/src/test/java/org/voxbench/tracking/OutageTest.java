package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.server.TestServer;

/** Whatever the server does, a caller gets its answer or its exception in bounded time. */
@Timeout(60)
class OutageTest {

  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final NewRun RUN = new NewRun("e", "k", "n", Instant.EPOCH, Map.of());

  private static Tracker tracker(URI server) {
    return new Tracker(server, Credentials.none(), DEADLINE, Duration.ZERO);
  }

  private static ArtifactUpload upload(URI server, Credentials credentials, Shipper shipper) {
    return new ArtifactUpload(new Rest(server.toString(), credentials, DEADLINE, shipper), null);
  }

  private static Shipper shipper(URI server, AtomicLong clock) {
    return new Shipper(
        () -> new MlflowClient(server.toString()), DEADLINE, Duration.ofSeconds(5), clock::get);
  }

  @Test
  void aServerThatIsDownIsUnavailable() throws Exception {
    try (Tracker tracker = tracker(FaultyServer.nobody())) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> tracker.open(RUN))
            .isInstanceOf(TrackingUnavailableException.class)
            .hasMessageContaining("opening run k");
      }
    }
  }

  @Test
  void aServerThatAnswers500Or429IsUnavailableAgainAndAgain() throws Exception {
    for (int status : new int[] {500, 503, 429, 401}) {
      String body = "{\"error_code\": \"ANY\", \"message\": \"broken\"}";
      try (FaultyServer server = FaultyServer.answering(status, body);
          Tracker tracker = tracker(server.uri())) {
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> tracker.open(RUN))
              .isInstanceOf(TrackingUnavailableException.class);
        }
      }
    }
  }

  @Test
  void aServerThatIsNoTrackingServerIsUnavailableAndNotARefusal() throws Exception {
    try (FaultyServer server = FaultyServer.answering(404, "<html>nothing</html>");
        Tracker tracker = tracker(server.uri())) {
      assertThatThrownBy(() -> tracker.open(RUN)).isInstanceOf(TrackingUnavailableException.class);
    }
    try (FaultyServer server = FaultyServer.answering(200, "<html>hello</html>");
        Tracker tracker = tracker(server.uri())) {
      assertThatThrownBy(() -> tracker.open(RUN)).isInstanceOf(TrackingUnavailableException.class);
    }
  }

  @Test
  void aSilentServerCostsNoMoreThanTheDeadlineAndItsConnectionIsCut() throws Exception {
    try (FaultyServer server = FaultyServer.silent();
        Tracker tracker = tracker(server.uri())) {
      long before = System.nanoTime();
      assertThatThrownBy(() -> tracker.open(RUN))
          .isInstanceOf(TrackingUnavailableException.class)
          .hasMessageContaining("no answer within 500 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
      assertThat(server.clientHungUp()).isTrue();
    }
  }

  @Test
  void callersThatWaitBehindAHangingCallAreReleasedWithIt() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (FaultyServer server = FaultyServer.silent();
        Tracker tracker = tracker(server.uri())) {
      List<Future<Boolean>> released =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(i -> callers.submit(() -> isUnavailable(tracker)))
              .toList();
      for (Future<Boolean> caller : released) {
        assertThat(caller.get(30, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      callers.shutdownNow();
    }
  }

  private static boolean isUnavailable(Tracker tracker) throws TrackingException {
    try {
      return tracker.open(RUN).id().isEmpty();
    } catch (TrackingUnavailableException expected) {
      return true;
    }
  }

  @Test
  void duringThePauseAfterAFailureNobodyIsAsked() throws Exception {
    AtomicLong clock = new AtomicLong();
    String body = "{\"error_code\": \"INTERNAL_ERROR\"}";
    try (FaultyServer server = FaultyServer.answering(500, body);
        Shipper shipper = shipper(server.uri(), clock)) {
      assertThatThrownBy(() -> shipper.call("first", client -> client.getRun("r")))
          .isInstanceOf(TrackingUnavailableException.class);
      int asked = server.seen.get();
      clock.addAndGet(Duration.ofMillis(4999).toNanos());
      assertThatThrownBy(() -> shipper.call("second", client -> client.getRun("r")))
          .isInstanceOf(TrackingUnavailableException.class)
          .hasMessageStartingWith("first: HTTP 500");
      assertThat(server.seen.get()).isEqualTo(asked);
      clock.addAndGet(Duration.ofMillis(2).toNanos());
      assertThatThrownBy(() -> shipper.call("third", client -> client.getRun("r")))
          .hasMessageContaining("HTTP 500");
      assertThat(server.seen.get()).isGreaterThan(asked);
    }
  }

  @Test
  void aCallThatIsTooSlowIsAbandonedAndTheNextOneHasANewClient(@TempDir Path folder)
      throws Exception {
    AtomicLong clock = new AtomicLong();
    CountDownLatch stuck = new CountDownLatch(1);
    try (TestServer server = new TestServer(folder);
        Shipper shipper = shipper(server.uri(), clock)) {
      assertThatThrownBy(() -> shipper.call("slow", client -> await(stuck)))
          .isInstanceOf(TrackingUnavailableException.class);
      clock.addAndGet(Duration.ofSeconds(6).toNanos());
      // A fresh database may answer its first query slower than the deadline on a busy machine.
      server.get("experiments/get?experiment_id=0");
      String name = shipper.call("next", client -> client.getExperiment("0").getName());
      assertThat(name).isEqualTo("Default");
    } finally {
      stuck.countDown();
    }
  }

  @Test
  void aHangingCallWhoseCallerLeftDoesNotBlockTheOthersForGood(@TempDir Path folder)
      throws Exception {
    AtomicLong clock = new AtomicLong();
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService callers = Executors.newSingleThreadExecutor();
    try (TestServer server = new TestServer(folder);
        Shipper shipper = shipper(server.uri(), clock)) {
      Future<Boolean> left =
          callers.submit(
              () ->
                  shipper.call(
                      "left alone",
                      client -> {
                        begun.countDown();
                        return await(stuck);
                      }));
      begun.await();
      callers.shutdownNow();
      assertThatThrownBy(left::get).hasRootCauseInstanceOf(InterruptedException.class);
      assertThatThrownBy(() -> shipper.call("behind it", client -> true))
          .isInstanceOf(TrackingUnavailableException.class);
      clock.addAndGet(Duration.ofSeconds(6).toNanos());
      boolean served = shipper.call("after it", client -> true);
      assertThat(served).isTrue();
    } finally {
      stuck.countDown();
      callers.shutdownNow();
    }
  }

  private static boolean await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException ignoredAsAReadOfASocketWould) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  @Test
  void trackingGoesOnWhenTheServerComesBackAndNothingIsThereTwice(@TempDir Path folder)
      throws Exception {
    String database = "jdbc:h2:" + folder.resolve("tracking");
    List<MetricPoint> points = List.of(new MetricPoint("m", 1, 1, Instant.ofEpochMilli(5)));
    String id;
    try (TestServer server = new TestServer(database, folder.resolve("artifacts"));
        Tracker tracker = patient(server.uri())) {
      TrackedRun run = tracker.open(RUN);
      id = run.id();
      run.metrics(points);
      server.stop();
      assertThatThrownBy(() -> run.metrics(points))
          .isInstanceOf(TrackingUnavailableException.class);
      assertThatThrownBy(() -> run.artifact("a", Files.writeString(folder.resolve("f"), "f")))
          .isInstanceOf(TrackingUnavailableException.class);
    }
    try (TestServer server = new TestServer(database, folder.resolve("artifacts"));
        Tracker tracker = patient(server.uri())) {
      TrackedRun run = tracker.open(RUN);
      assertThat(run.id()).isEqualTo(id);
      run.metrics(points);
      assertThat(server.get("metrics/get-history?metric_key=m&run_id=" + id).json().get("metrics"))
          .hasSize(1);
    }
  }

  private static Tracker patient(URI server) {
    return new Tracker(server, Credentials.none(), Duration.ofSeconds(30), Duration.ZERO);
  }

  @Test
  void anArtifactToASilentServerEndsAtItsDeadline(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("f"), new byte[1000]);
    try (FaultyServer server = FaultyServer.silent();
        Shipper shipper = shipper(server.uri(), new AtomicLong())) {
      ArtifactUpload upload = upload(server.uri(), Credentials.none(), shipper);
      assertThatThrownBy(() -> upload.put("mlflow-artifacts:/0/r/artifacts", "f", file))
          .isInstanceOf(TrackingUnavailableException.class)
          .hasMessageContaining("timed out");
    }
  }

  @Test
  void artifactsThatTheServerDoesNotProxyAreRefusedWithTheCure(@TempDir Path folder)
      throws Exception {
    Path file = Files.write(folder.resolve("f"), new byte[1000]);
    try (Shipper shipper = shipper(FaultyServer.nobody(), new AtomicLong())) {
      ArtifactUpload upload = upload(URI.create("http://127.0.0.1:1"), Credentials.none(), shipper);
      for (String uri : List.of("s3://bucket/x", "file:/x", "mlflow-artifacts://host/x")) {
        assertThatThrownBy(() -> upload.put(uri, "f", file))
            .isInstanceOf(TrackingRefusedException.class)
            .hasMessageContaining("--artifacts-destination");
      }
    }
  }

  @Test
  void credentialsGoWithEveryRequestAndNeverIntoAMessage(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("f"), new byte[10]);
    String body = "{\"error_code\": \"PERMISSION_DENIED\"}";
    try (FaultyServer server = FaultyServer.answering(403, body);
        Shipper shipper = shipper(server.uri(), new AtomicLong());
        Tracker tracker =
            new Tracker(server.uri(), Credentials.bearer("t0ken"), DEADLINE, Duration.ZERO)) {
      ArtifactUpload upload = upload(server.uri(), Credentials.bearer("t0ken"), shipper);
      assertThatThrownBy(() -> tracker.open(RUN)).hasMessageNotContaining("t0ken");
      assertThat(server.authorizations).containsExactly("Bearer t0ken");
      server.authorizations.clear();
      assertThatThrownBy(() -> upload.put("mlflow-artifacts:/0/r/artifacts", "f", file))
          .isInstanceOf(TrackingUnavailableException.class)
          .hasMessageNotContaining("t0ken");
      assertThat(server.authorizations).containsExactly("Bearer t0ken");
    }
  }

  @Test
  void aClosedTrackerSaysSo() throws Exception {
    Tracker tracker = tracker(FaultyServer.nobody());
    tracker.close();
    assertThatThrownBy(() -> tracker.open(RUN)).hasMessageContaining("the tracker is closed");
  }
}
