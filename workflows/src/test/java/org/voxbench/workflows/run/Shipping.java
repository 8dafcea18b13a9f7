package org.voxbench.workflows.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.journal.Submission;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingShipper.Pace;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

/** An embedded tracking server over a bench's home folder, and MLflow's client to look into it. */
final class Shipping implements AutoCloseable {

  static final Pace PACE = new Pace(Duration.ofMillis(200), Duration.ofSeconds(20));

  final RunBench bench;
  final WebServer server;
  final MlflowClient client;
  private final AccessToken token;

  Shipping(RunBench bench) {
    this.bench = bench;
    token = AccessToken.of(bench.home.root());
    TrackingApi api =
        new TrackingApi(RunBench.database(), bench.home.artifacts(), InstantSource.system());
    server = WebServer.start(WebServer.Listen.loopback(0), token, List.of(api::mount));
    client = new MlflowClient(new BasicMlflowHostCreds(server.address().toString(), token.value()));
  }

  Credentials credentials() {
    return Credentials.bearer(token.value());
  }

  TrackingShipper begin(URI address, Map<String, String> environment) {
    return new TrackingShipper(
        bench.home, address, credentials(), new TrackingTarget(environment), PACE);
  }

  /** Tells the embedded server all that it does not know, as a coordinator does that ends. */
  void ship() {
    begin(server.address(), Map.of()).close();
  }

  /** All runs of an experiment by name. */
  List<Run> runs(String experiment) {
    Optional<Experiment> known = client.getExperimentByName(experiment);
    return client
        .searchRuns(List.of(known.orElseThrow().getExperimentId()), "", ViewType.ACTIVE_ONLY, 100)
        .getItems();
  }

  Run run(String experiment, String name) {
    return runs(experiment).stream()
        .filter(run -> run.getInfo().getRunName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The value of a tag, empty where there is none. */
  static String tag(Run run, String key) {
    return run.getData().getTagsList().stream()
        .filter(tag -> tag.getKey().equals(key))
        .map(tag -> tag.getValue())
        .findFirst()
        .orElse("");
  }

  /** The files of a run below a folder; MLflow's client would start Python for this. */
  List<String> artifacts(Run run, String folder) throws IOException {
    String path = "artifacts/list?run_id=" + run.getInfo().getRunId() + "&path=" + folder;
    return Json.MAPPER.readTree(client.sendGet(path)).path("files").findValuesAsText("path");
  }

  /** Has a run belong to a sweep. */
  void join(String run, String sweep) throws IOException {
    Submission submission = new Submission("0".repeat(64), 0, sweep, "number=" + run);
    Path file = bench.home.run(run).resolve("submission.json");
    Files.write(file, Json.MAPPER.writeValueAsBytes(submission));
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
