package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.tracking.Credentials;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;

/** What a user or a server can get wrong: it is said where to look, and nothing is lost. */
@Timeout(180)
class TrackingTroublesTest {

  @TempDir private Path folder = Path.of("");
  private RunBench bench;
  private Shipping shipping;

  @BeforeEach
  void start() {
    bench = new RunBench(folder.resolve("home"));
    shipping = new Shipping(bench);
  }

  @AfterEach
  void stop() {
    shipping.close();
  }

  private ShipmentStatus status() throws IOException {
    return ShipmentStatus.all(bench.home).get(0);
  }

  @Test
  void aWrongTokenIsSaidAndWithTheRightOneAllIsTold() throws IOException {
    String id = bench.queued(1);
    bench.work(id);
    Credentials wrong = Credentials.bearer("wrong");
    TrackingTarget none = new TrackingTarget(Map.of());
    new TrackingShipper(bench.home, shipping.server.address(), wrong, none, Shipping.PACE).close();
    assertThat(status().complete()).isFalse();
    assertThat(status().eventBytesWaiting()).isPositive();
    assertThat(status().problem()).contains("401", "MLFLOW_TRACKING_TOKEN").doesNotContain("wrong");

    shipping.ship();
    assertThat(status().complete()).isTrue();
    assertThat(status().problem()).isEmpty();
    assertThat(shipping.run("demo", id).getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void anAddressWhereNoMlflowAnswersIsSaid() throws IOException {
    String id = bench.queued(1);
    bench.work(id);
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>nothing here</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + other.getAddress().getPort());
      shipping.begin(address, Map.of()).close();
    } finally {
      other.stop(0);
    }
    assertThat(status().problem()).contains("check the tracking URI");
    assertThat(status().files().waiting()).isPositive();
    assertThat(status().files().bytesWaiting()).isPositive();
  }

  @Test
  void anAddressThatIsNoneIsRefusedBeforeTheRunBegins() throws IOException {
    String id = bench.queued(1);
    TrackingTarget targets = new TrackingTarget(Map.of());
    for (String address : List.of("sqlite:///x", "http://user:pw@host", "http://a b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> targets.keep(bench.home.run(id), Optional.of(address)))
          .withMessageContaining("expected");
    }
    assertThat(bench.home.run(id).resolve("tracking.json")).doesNotExist();
  }

  @Test
  void anOlderServerIsToldAllThatItKnows() throws Exception {
    String id = bench.queued(1);
    bench.work(id);
    List<String> unknown = List.of("log-inputs", "mlflow-artifacts", "registered-models");
    try (ForwardingProxy old = ForwardingProxy.lacking(unknown, shipping.server.address())) {
      shipping.begin(old.address(), Map.of()).close();
    }
    assertThat(status().complete()).isTrue();
    assertThat(status().refused())
        .anyMatch(refused -> refused.contains("too old to know datasets"))
        .anyMatch(refused -> refused.contains("--artifacts-destination"));
    Run run = shipping.run("demo", id);
    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.getData().getMetricsCount()).isPositive();
  }

  @Test
  void anExperimentDeletedOnTheServerIsRestoredWithItsRuns() throws IOException {
    String first = bench.queued(1);
    bench.work(first);
    shipping.ship();
    String experiment = shipping.run("demo", first).getInfo().getExperimentId();
    shipping.client.deleteExperiment(experiment);
    String second = bench.queued(2);
    bench.work(second);
    shipping.ship();
    assertThat(shipping.runs("demo")).hasSize(2);
  }

  @Test
  void aRunThatTheServerLostMeanwhileIsToldAnewAsAWhole() throws IOException {
    bench.steps.before =
        context -> {
          bench.askToStop("demo-1");
          throw new StepStoppedException("stopped on request");
        };
    String id = bench.queued(1);
    bench.work(id);
    shipping.ship();
    String lost = shipping.run("demo", id).getInfo().getRunId();
    shipping.client.setTag(lost, "voxbench.run", "not ours any more");

    bench.steps.before = context -> {};
    bench.journal.save(bench.find(id).requeued());
    bench.work(id);
    shipping.ship();
    List<Run> runs = shipping.runs("demo");
    assertThat(runs).hasSize(2);
    for (Run run : runs) {
      assertThat(shipping.client.getMetricHistory(run.getInfo().getRunId(), "download.number"))
          .isNotEmpty();
    }
  }

  @Test
  void metricNamesThatMlflowRefusesAreChangedAndListed() throws IOException {
    bench.steps.before =
        context -> {
          context.listener().metric("dice@liver (%)", 0.5, 1);
          context.listener().metric("../up", 0.25, 1);
          context.listener().metric("ä".repeat(300), 0.75, 1);
        };
    String id = bench.queued(1);
    bench.work(id);
    shipping.ship();
    Run run = shipping.run("demo", id);
    assertThat(run.getData().getMetricsList())
        .extracting(metric -> metric.getKey())
        .contains("dice_liver ___", "_/up")
        .anyMatch(key -> key.startsWith("ää") && key.length() == 250);
    assertThat(Shipping.tag(run, "voxbench.renamed_metrics"))
        .contains("dice_liver ___=dice@liver (%)", "_/up=../up");
  }

  @Test
  void aParameterOverTheLimitIsCutAndNamedInATag() throws IOException {
    String id = bench.queued(1);
    bench.work(id);
    FrozenExperiment frozen = FrozenExperiment.read(bench.home.run(id));
    Map<StepName, JsonNode> requests = new EnumMap<>(frozen.requests());
    ObjectNode long7000 = Json.MAPPER.createObjectNode().put("long", "x".repeat(7000));
    requests.put(StepName.REPORT, long7000);
    new FrozenExperiment("demo", requests, frozen.resources()).write(bench.home.run(id));
    shipping.ship();
    Run run = shipping.run("demo", id);
    assertThat(run.getData().getParamsList())
        .filteredOn(param -> param.getKey().equals("report.long"))
        .extracting(Param::getValue)
        .containsExactly("x".repeat(6000));
    assertThat(Shipping.tag(run, "voxbench.truncated_params")).isEqualTo("report.long");
  }

  @Test
  void artifactsOutsideOfTheRunAreLeftOutAndOddNamesArrive() throws IOException {
    String id = bench.queued(1);
    bench.work(id);
    Files.writeString(folder.resolve("secret"), "secret");
    Store store = new Store(bench.home.store());
    String fingerprint = String.valueOf(bench.find(id).step(StepName.TRAIN).fingerprint());
    Path train = store.find(StepName.TRAIN, fingerprint).orElseThrow().folder();
    List<String> odd = List.of("a#b ?.txt", "%2e%2e", "empty.bin");
    for (String name : odd) {
      Files.writeString(train.resolve("output").resolve(name), name.startsWith("e") ? "" : name);
    }
    ObjectNode manifest =
        (ObjectNode) Json.MAPPER.readTree(train.resolve("manifest.json").toFile());
    var names = manifest.putArray("artifacts");
    odd.forEach(names::add);
    names.add("../../../../../secret").add(folder.resolve("secret").toString());
    Files.write(train.resolve("manifest.json"), Json.MAPPER.writeValueAsBytes(manifest));
    Files.writeString(train.resolve("environment.json"), "{\"java\": \"17\"}");
    shipping.ship();
    Run run = shipping.run("demo", id);
    assertThat(shipping.artifacts(run, "train"))
        .contains("train/a#b ?.txt", "train/empty.bin", "train/environment.json")
        .noneMatch(path -> path.endsWith("secret"));
    assertThat(Shipping.tag(run, "voxbench.refused_artifacts"))
        .contains("../../../../../secret", "expected a relative path");
    assertThat(status().complete()).isTrue();
  }

  @Test
  void aServerOfTheUsersIsToldBesidesTheEmbeddedOneWithMlflowsOwnVariables() throws Exception {
    String id = bench.queued(1);
    RunBench elsewhere = new RunBench(folder.resolve("elsewhere"));
    try (Shipping other = new Shipping(elsewhere)) {
      Map<String, String> variables =
          Map.of(
              "MLFLOW_TRACKING_URI",
              other.server.address().toString(),
              "MLFLOW_TRACKING_USERNAME",
              "anyone",
              "MLFLOW_TRACKING_PASSWORD",
              String.valueOf(other.credentials().header()).substring("Bearer ".length()));
      new TrackingTarget(variables).keep(bench.home.run(id), Optional.empty());
      bench.work(id);
      shipping.begin(shipping.server.address(), variables).close();
      assertThat(shipping.run("demo", id).getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
      assertThat(other.run("demo", id).getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
      assertThat(ShipmentStatus.all(bench.home)).hasSize(2).allMatch(ShipmentStatus::complete);
    }
  }

  @Test
  void credentialsForOneServerAreNotShownToAnother() throws Exception {
    String id = bench.queued(1);
    Set<String> shown = ConcurrentHashMap.newKeySet();
    ForwardingProxy.Rule remembers =
        (proxy, exchange, body) -> {
          String header = exchange.getRequestHeaders().getFirst("Authorization");
          shown.add(header == null ? "none" : header);
          proxy.pass(exchange, body);
        };
    try (ForwardingProxy nosy = new ForwardingProxy(shipping.server.address(), remembers)) {
      Map<String, String> variables =
          Map.of(
              "MLFLOW_TRACKING_URI", "https://mlflow.example.org", "MLFLOW_TRACKING_TOKEN", "t0p");
      new TrackingTarget(variables)
          .keep(bench.home.run(id), Optional.of(nosy.address().toString()));
      bench.work(id);
      shipping.begin(shipping.server.address(), variables).close();
      assertThat(shown).isNotEmpty().containsOnly("none");
    }
  }
}
