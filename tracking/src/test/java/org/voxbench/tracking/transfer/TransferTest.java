package org.voxbench.tracking.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TestServer;
import org.voxbench.tracking.transfer.Transfer.Request;
import org.voxbench.tracking.transfer.Transfer.Side;
import org.voxbench.tracking.transfer.Transfer.Summary;

/** Experiments go from one server to another, once, whatever happens on the way. */
@Timeout(300)
class TransferTest {

  private static final Request ALL = new Request(List.of(), false, false);

  private Path notes = Path.of("");
  private TestServer here;
  private TestServer there;
  private Study study;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    notes = folder.resolve("notes");
    here = new TestServer(folder.resolve("here"));
    there = new TestServer(folder.resolve("there"));
    study = new Study(here);
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  private static boolean goOn() {
    return false;
  }

  private static Side side(TestServer server) {
    return new Side(server.uri(), Credentials.none());
  }

  private Summary copy(Side from, Side to, Request request, BooleanSupplier stop)
      throws IOException {
    return new Transfer(from, to, notes, Duration.ofSeconds(20))
        .copy(request, progress -> {}, stop);
  }

  private Summary copy() throws IOException {
    return copy(side(here), side(there), ALL, TransferTest::goOn);
  }

  private static long copied(Summary summary) {
    return summary.counts().stream().mapToLong(Transfer.Count::copied).sum();
  }

  private String there(String path, String json, String pointer) throws Exception {
    return new Study(there).post(path, json, pointer);
  }

  @Test
  void allOfItArrivesAndTheSecondTimeNothingIsCopied() throws Exception {
    study.make("liver study");
    study.make("study of ü & #%");
    Summary summary = copy();
    assertThat(summary.refused()).isEmpty();
    assertThat(summary.isComplete()).isTrue();
    List<String> content = study.content();
    assertThat(content).anyMatch(line -> line.contains(" of \"parent\""));
    assertThat(new Study(there).content()).isEqualTo(content);
    assertThat(count(summary, "metric points")).isEqualTo(4L * (Study.LONG_CURVE + 4));
    Summary again = copy();
    assertThat(copied(again)).isZero();
    Summary verified =
        copy(side(here), side(there), new Request(List.of(), false, true), TransferTest::goOn);
    assertThat(copied(verified)).isZero();
    try (var left = Files.list(notes)) {
      assertThat(left.map(file -> String.valueOf(file.getFileName()))).containsOnly("lock");
    }
  }

  private static long count(Summary summary, String what) {
    return summary.counts().stream()
        .filter(count -> count.what().equals(what))
        .mapToLong(Transfer.Count::copied)
        .sum();
  }

  @Test
  void aTransferThatIsStoppedAgainAndAgainEndsWithTheSame() throws Exception {
    study.make("liver study");
    int stops = 0;
    Summary summary;
    do {
      AtomicInteger asked = new AtomicInteger();
      int most = 12 + 9 * stops;
      summary = copy(side(here), side(there), ALL, () -> asked.incrementAndGet() > most);
      stops++;
      assertThat(stops).isLessThan(60);
    } while (!summary.isComplete());
    assertThat(stops).isGreaterThan(5);
    assertThat(new Study(there).content()).isEqualTo(study.content());
    assertThat(copied(copy())).isZero();
  }

  @Test
  void whatIsAddedLaterIsAllThatIsCopiedLater() throws Exception {
    String id = study.make("liver study");
    copy();
    String search = "{\"experiment_ids\":[\"" + id + "\"],\"filter\":\"run_name = 'child 0'\"}";
    JsonNode run = here.post("runs/search", search).json().at("/runs/0/info");
    study.post(
        "runs/log-metric",
        "{'run_id':'"
            + run.path("run_id").asText()
            + "','key':'loss','value':9,'timestamp':99999,'step':99999}",
        "");
    study.run(id, "late", 9000, "");
    Summary summary = copy();
    assertThat(count(summary, "metric points")).isEqualTo(1);
    assertThat(count(summary, "runs")).isEqualTo(2);
    assertThat(count(summary, "artifacts")).isZero();
    assertThat(new Study(there).content()).isEqualTo(study.content());
  }

  @Test
  void whatComesHomeAgainIsKnownThere() throws Exception {
    study.make("liver study");
    copy();
    List<String> before = study.content();
    Summary home = copy(side(there), side(here), ALL, TransferTest::goOn);
    assertThat(home.isComplete()).isTrue();
    assertThat(count(home, "runs")).isZero();
    assertThat(count(home, "metric points")).isZero();
    assertThat(study.content()).isEqualTo(before);
  }

  @Test
  void aRunThatWasDeletedThereIsNotMadeAgain() throws Exception {
    study.make("liver study");
    copy();
    String filter = "{\"max_results\":9,\"filter\":\"name = 'liver study'\"}";
    String id =
        there.post("experiments/search", filter).json().at("/experiments/0/experiment_id").asText();
    String run =
        there
            .post("runs/search", "{\"experiment_ids\":[\"" + id + "\"]}")
            .json()
            .at("/runs/0/info/run_id")
            .asText();
    there("runs/delete", "{'run_id':'" + run + "'}", "");
    Summary verified =
        copy(side(here), side(there), new Request(List.of(), false, true), TransferTest::goOn);
    assertThat(verified.refused())
        .anySatisfy(one -> assertThat(one.why()).contains("was deleted there: restore it"));
    assertThat(verified.isComplete()).isFalse();
  }

  @Test
  void deletedRunsGoAlongOnlyWhenAsked() throws Exception {
    String id = study.post("experiments/create", "{'name':'e'}", "/experiment_id");
    String gone = study.run(id, "gone", 1, "");
    study.post("runs/delete", "{'run_id':'" + gone + "'}", "");
    assertThat(count(copy(), "runs")).isZero();
    Request deleted = new Request(List.of("e"), true, false);
    assertThat(count(copy(side(here), side(there), deleted, TransferTest::goOn), "runs"))
        .isEqualTo(1);
    assertThat(copied(copy(side(here), side(there), deleted, TransferTest::goOn))).isZero();
    JsonNode runs =
        there
            .post("runs/search", "{\"experiment_ids\":[\"1\"],\"run_view_type\":\"DELETED_ONLY\"}")
            .json()
            .path("runs");
    assertThat(runs).hasSize(1);
  }

  @Test
  void anAliasThatNamesAnotherVersionThereStays() throws Exception {
    study.make("liver study");
    String own = there("runs/create", "{}", "/run/info/run_id");
    there("registered-models/create", "{'name':'liver'}", "");
    there(
        "model-versions/create",
        "{'name':'liver','source':'runs:/" + own + "/model','run_id':'" + own + "'}",
        "");
    there("registered-models/alias", "{'name':'liver','alias':'champion','version':'1'}", "");
    Summary summary = copy();
    assertThat(summary.refused())
        .singleElement()
        .satisfies(one -> assertThat(one.why()).contains("it names version 1 there"));
    assertThat(count(summary, "model versions")).isEqualTo(2);
    assertThat(
            there
                .get("registered-models/alias?name=liver&alias=champion")
                .json()
                .at("/model_version/version")
                .asText())
        .isEqualTo("1");
  }

  @Test
  void anExperimentThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                copy(
                    side(here),
                    side(there),
                    new Request(List.of("none"), false, false),
                    TransferTest::goOn))
        .withMessageContaining("there is no [none]; there are [Default]");
  }

  @Test
  void oneTransferAtATimeUsesAFolder() throws Exception {
    study.make("liver study");
    AtomicInteger refused = new AtomicInteger();
    copy(
        side(here),
        side(there),
        ALL,
        () -> {
          if (refused.getAndIncrement() == 0) {
            assertThatIllegalStateException()
                .isThrownBy(this::copy)
                .withMessageContaining("under way");
          }
          return false;
        });
    assertThat(refused.get()).isPositive();
  }

  @Test
  void aServerThatFailsNowAndThenIsAskedAgain() throws Exception {
    study.make("liver study");
    try (Proxy from = new Proxy(here.uri(), 5);
        Proxy to = new Proxy(there.uri(), 7)) {
      Summary summary =
          copy(
              new Side(from.uri(), Credentials.none()),
              new Side(to.uri(), Credentials.none()),
              ALL,
              TransferTest::goOn);
      assertThat(summary.ended()).isEmpty();
      assertThat(summary.refused()).isEmpty();
      assertThat(from.failed.get()).isGreaterThan(5);
      assertThat(to.failed.get()).isGreaterThan(5);
    }
    assertThat(new Study(there).content()).isEqualTo(study.content());
  }

  @Test
  void aServerThatIsNotThereIsToldAtOnce() throws Exception {
    Side nobody = new Side(URI.create("http://127.0.0.1:1"), Credentials.none());
    Summary summary = copy(nobody, side(there), ALL, TransferTest::goOn);
    assertThat(summary.ended()).startsWith("no MLflow server answers at http://127.0.0.1:1 (");
    assertThat(summary.counts()).isEmpty();
  }

  /** Passes requests on, but answers each n-th one with 503 or cuts its answer short. */
  private static final class Proxy implements AutoCloseable {

    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger seen = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();

    Proxy(URI target, int every) throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(Executors.newFixedThreadPool(4, Proxy::daemon));
      http.createContext(
          "/",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int number = seen.incrementAndGet();
            if (number > 2 && number % every == 0 && failed.incrementAndGet() % 2 == 0) {
              byte[] sorry = "{}".getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(503, sorry.length);
              exchange.getResponseBody().write(sorry);
              exchange.close();
              return;
            }
            HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            for (String name :
                List.of("Content-Type", "Range", "Repr-Digest", "Want-Repr-Digest")) {
              String value = exchange.getRequestHeaders().getFirst(name);
              if (value != null) {
                request.header(name, value);
              }
            }
            try {
              HttpResponse<byte[]> answer =
                  client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
              answer
                  .headers()
                  .firstValue("Repr-Digest")
                  .ifPresent(value -> exchange.getResponseHeaders().add("Repr-Digest", value));
              boolean cut = number > 2 && number % every == 0 && answer.body().length > 10;
              exchange.sendResponseHeaders(
                  answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
              exchange
                  .getResponseBody()
                  .write(answer.body(), 0, cut ? answer.body().length / 2 : answer.body().length);
            } catch (InterruptedException stopped) {
              Thread.currentThread().interrupt();
            } finally {
              exchange.close();
            }
          });
      http.start();
    }

    private static Thread daemon(Runnable work) {
      Thread thread = new Thread(work, "proxy");
      thread.setDaemon(true);
      return thread;
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }
}
