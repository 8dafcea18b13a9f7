package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

/** Whatever a tracking server does meanwhile: afterwards every point is there, and once. */
@Timeout(300)
class TrackingFaultsTest {

  private static final int POINTS = 2500;
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** What the server does with a request. */
  enum Fault {
    ANSWERS_500,
    ANSWERS_429,
    /** Does as asked, then cuts the connection instead of answering. */
    CUTS_AFTER_DOING,
    /** Does as asked, then answers 500, as on a full disk. */
    FAILS_AFTER_DOING,
    IS_STOPPED,
    FORGETS_EVERYTHING
  }

  private final AtomicInteger asked = new AtomicInteger();
  private final Semaphore failed = new Semaphore(0);
  private final HttpClient http = HttpClient.newHttpClient();

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyPointIsThereOnceAfterAServerThat(Fault fault, @TempDir Path folder) throws Exception {
    RunBench bench = new RunBench(folder);
    bench.steps.before =
        context -> {
          for (int i = 0; i < POINTS; i++) {
            context.listener().metric("loss", i, i);
          }
        };
    String id = bench.queued(1);
    bench.work(id);
    AccessToken token = AccessToken.of(bench.home.root());
    if (fault == Fault.FORGETS_EVERYTHING) {
      try (WebServer forgotten = server(bench, token)) {
        ship(bench, forgotten.address(), token);
      }
    }
    try (WebServer server = server(bench, token)) {
      if (fault != Fault.FORGETS_EVERYTHING) {
        shipThrough(fault, bench, server, token);
      }
      ship(bench, server.address(), token);
      MlflowClient client =
          new MlflowClient(new BasicMlflowHostCreds(server.address().toString(), token.value()));
      String experiment = client.getExperimentByName("demo").orElseThrow().getExperimentId();
      List<Run> runs =
          client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10).getItems();
      assertThat(runs).hasSize(1);
      String run = runs.get(0).getInfo().getRunId();
      assertThat(client.getMetricHistory(run, "loss")).hasSize(POINTS);
      assertThat(client.getRun(run).getInfo().getStatus().name()).isEqualTo("FINISHED");
      assertThat(ShipmentStatus.all(bench.home)).allMatch(ShipmentStatus::complete);
    }
  }

  private void shipThrough(Fault fault, RunBench bench, WebServer server, AccessToken token)
      throws Exception {
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", exchange -> handle(exchange, fault, server.address()));
    proxy.start();
    URI address = URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
    if (fault == Fault.IS_STOPPED) {
      proxy.stop(0);
      failed.release(100);
    }
    TrackingShipper shipper =
        new TrackingShipper(
            bench.home, address, Credentials.bearer(token.value()), targets(), PAUSE);
    // The first requests fail, every second one of the next, then the shipper dies unfinished.
    assertThat(failed.tryAcquire(4, 120, TimeUnit.SECONDS)).isTrue();
    shipper.close();
    proxy.stop(0);
  }

  private void handle(HttpExchange exchange, Fault fault, URI server) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int number = asked.getAndIncrement();
    boolean fails = number < 2 || number % 4 == 3;
    boolean does = !fails || fault.name().endsWith("AFTER_DOING");
    HttpResponse<byte[]> answer = does ? forwarded(exchange, body, server) : null;
    if (fails) {
      failed.release();
    }
    if (fails && fault == Fault.CUTS_AFTER_DOING) {
      exchange.close();
      return;
    }
    int status = fault == Fault.ANSWERS_429 ? 429 : 500;
    byte[] shown =
        fails || answer == null
            ? "{\"error_code\":\"INTERNAL_ERROR\"}".getBytes(StandardCharsets.UTF_8)
            : answer.body();
    answer = fails ? null : answer;
    exchange.sendResponseHeaders(
        answer == null ? status : answer.statusCode(), shown.length == 0 ? -1 : shown.length);
    exchange.getResponseBody().write(shown);
    exchange.close();
  }

  private HttpResponse<byte[]> forwarded(HttpExchange exchange, byte[] body, URI server)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                server.resolve(
                    exchange.getRequestURI().getRawPath()
                        + (exchange.getRequestURI().getRawQuery() == null
                            ? ""
                            : "?" + exchange.getRequestURI().getRawQuery())))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (String header : List.of("Authorization", "Content-Type", "Repr-Digest")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static TrackingTarget targets() {
    return new TrackingTarget(Map.of());
  }

  private static WebServer server(RunBench bench, AccessToken token) {
    TrackingApi api =
        new TrackingApi(RunBench.database(), bench.home.artifacts(), InstantSource.system());
    return WebServer.start(WebServer.Listen.loopback(0), token, List.of(api::mount));
  }

  private static void ship(RunBench bench, URI server, AccessToken token) {
    new TrackingShipper(bench.home, server, Credentials.bearer(token.value()), targets(), PAUSE)
        .close();
  }
}
