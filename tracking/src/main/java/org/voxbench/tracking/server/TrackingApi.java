package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The paths of an MLflow-compatible tracking server (MLflow REST API 2.0): experiments, runs,
 * metrics, parameters, tags, searches and artifacts. Rows live in the schema {@code tracking} of an
 * H2 database, artifacts below a folder. It starts no server and checks no credential: its owner
 * mounts it, behind whatever guards it wants:
 *
 * <pre>{@code
 * TrackingApi api = new TrackingApi(dataSource, home.resolve("artifacts"), InstantSource.system());
 * Javalin.create(config -> api.mount(config.routes)).start("127.0.0.1", port);
 * }</pre>
 *
 * <p>Every refusal is JSON with {@code error_code} and {@code message}. It never answers 429, which
 * would block MLflow's Java client for good. Safe for use by many threads.
 */
public final class TrackingApi {

  /** Version of MLflow whose answers are imitated. */
  public static final String MLFLOW_VERSION = "3.17.2";

  private static final String API = "/api/2.0/mlflow/";
  private static final String PROXY = "/api/2.0/mlflow-artifacts";
  private static final String ARTIFACTS = PROXY + "/artifacts";

  private final Experiments experiments;
  private final ExperimentSearch experimentSearch;
  private final Runs runs;
  private final RunLog runLog;
  private final RunSearch runSearch;
  private final MetricHistory metricHistory;
  private final RegisteredModels models;
  private final ModelVersions versions;
  private final LoggedModels loggedModels;
  private final Collector collector;
  private final Artifacts artifacts;
  private final MultipartUploads uploads;

  /**
   * Creates or migrates the schema, and deletes what uploads left that broke off and cannot go on.
   *
   * @param database an H2 database, best through a pool
   * @param artifactRoot folder of the artifacts; made when the first one comes
   * @param clock for creation and update times
   */
  public TrackingApi(DataSource database, Path artifactRoot, InstantSource clock) {
    TrackingDatabase tracking = new TrackingDatabase(database);
    experiments = new Experiments(tracking, clock);
    experimentSearch = new ExperimentSearch(tracking);
    runs = new Runs(tracking, clock);
    runLog = new RunLog(tracking);
    runSearch = new RunSearch(tracking);
    metricHistory = new MetricHistory(tracking);
    models = new RegisteredModels(tracking, clock);
    versions = new ModelVersions(tracking, clock);
    loggedModels = new LoggedModels(tracking, clock);
    ArtifactStore store = new ArtifactStore(artifactRoot);
    collector = new Collector(tracking, store, clock);
    artifacts = new Artifacts(tracking, store);
    uploads = new MultipartUploads(store, artifacts, clock);
    uploads.deleteLeftovers();
  }

  /** Adds all paths of this API; call it once, before the server starts. */
  public void mount(RoutesConfig routes) {
    post(routes, "experiments/create", experiments::create);
    get(routes, "experiments/get", experiments::get);
    get(routes, "experiments/get-by-name", experiments::getByName);
    get(routes, "experiments/search", experimentSearch::search);
    post(routes, "experiments/search", experimentSearch::search);
    post(routes, "experiments/delete", experiments::delete);
    post(routes, "experiments/restore", experiments::restore);
    post(routes, "experiments/update", experiments::update);
    post(routes, "experiments/set-experiment-tag", experiments::setTag);
    post(routes, "runs/create", runs::create);
    get(routes, "runs/get", runs::get);
    post(routes, "runs/update", runs::update);
    post(routes, "runs/delete", runs::delete);
    post(routes, "runs/restore", runs::restore);
    post(routes, "runs/log-metric", runLog::logMetric);
    post(routes, "runs/log-parameter", runLog::logParameter);
    post(routes, "runs/set-tag", runLog::setTag);
    post(routes, "runs/delete-tag", runLog::deleteTag);
    post(routes, "runs/log-batch", runLog::logBatch);
    post(routes, "runs/log-inputs", runLog::logInputs);
    post(routes, "runs/search", runSearch::search);
    get(routes, "metrics/get-history", metricHistory::get);
    get(routes, "artifacts/list", artifacts::listOfRun);
    post(routes, "runs/outputs", loggedModels::logOutputs);
    get(routes, "metrics/get-history-bulk-interval", metricHistory::sampled);
    mountModels(routes);
    mountLoggedModels(routes);
    mountArtifacts(routes);
    routes.get("/health", context -> context.result("OK"));
    routes.get("/version", context -> context.result(MLFLOW_VERSION));
    for (String rest : new String[] {API + "*", PROXY + "/*", "/api/3.0/mlflow/*"}) {
      refuse(routes, rest);
    }
  }

  private void mountArtifacts(RoutesConfig routes) {
    routes.get(ARTIFACTS, Answers.guarded(context -> Answers.query(context, artifacts::list)));
    routes.get(ARTIFACTS + "/<path>", Answers.guarded(artifacts::get));
    routes.put(ARTIFACTS + "/<path>", Answers.guarded(artifacts::put));
    routes.delete(ARTIFACTS + "/<path>", Answers.guarded(artifacts::delete));
    routes.get(PROXY + "/presigned/<path>", Answers.guarded(artifacts::directions));
    routes.post(PROXY + "/mpu/create/<path>", Answers.guarded(uploads::create));
    routes.put(PROXY + "/mpu/parts/{upload}/{part}", Answers.guarded(uploads::part));
    routes.post(PROXY + "/mpu/complete/<path>", Answers.guarded(uploads::complete));
    routes.post(PROXY + "/mpu/abort/<path>", Answers.guarded(uploads::abort));
    get(routes, "/api/3.0/mlflow/server-info", asked -> Artifacts.capabilities());
  }

  private void mountModels(RoutesConfig routes) {
    post(routes, "registered-models/create", models::create);
    get(routes, "registered-models/get", models::get);
    post(routes, "registered-models/rename", models::rename);
    body(routes, HandlerType.PATCH, "registered-models/update", models::update);
    body(routes, HandlerType.DELETE, "registered-models/delete", models::delete);
    get(routes, "registered-models/search", models::search);
    post(routes, "registered-models/set-tag", models::setTag);
    body(routes, HandlerType.DELETE, "registered-models/delete-tag", models::deleteTag);
    post(routes, "registered-models/alias", models::setAlias);
    get(routes, "registered-models/alias", models::getAlias);
    body(routes, HandlerType.DELETE, "registered-models/alias", models::deleteAlias);
    get(routes, "registered-models/get-latest-versions", models::latestVersions);
    post(routes, "registered-models/get-latest-versions", models::latestVersions);
    post(routes, "model-versions/create", versions::create);
    get(routes, "model-versions/get", versions::get);
    body(routes, HandlerType.PATCH, "model-versions/update", versions::update);
    post(routes, "model-versions/transition-stage", versions::transition);
    body(routes, HandlerType.DELETE, "model-versions/delete", versions::delete);
    get(routes, "model-versions/search", versions::search);
    get(routes, "model-versions/get-download-uri", versions::downloadUri);
    post(routes, "model-versions/set-tag", versions::setTag);
    body(routes, HandlerType.DELETE, "model-versions/delete-tag", versions::deleteTag);
  }

  private void mountLoggedModels(RoutesConfig routes) {
    post(routes, "logged-models", loggedModels::create);
    post(routes, "logged-models/search", loggedModels::search);
    String one = API + "logged-models/{model}";
    routes.get(one, Answers.guarded(at -> Answers.query(at, asked -> loggedModels.get(model(at)))));
    routes.patch(
        one,
        Answers.guarded(at -> Answers.body(at, asked -> loggedModels.finish(model(at), asked))));
    routes.delete(
        one, Answers.guarded(at -> Answers.query(at, asked -> loggedModels.delete(model(at)))));
    routes.patch(
        one + "/tags",
        Answers.guarded(at -> Answers.body(at, asked -> loggedModels.setTags(model(at), asked))));
    routes.delete(
        one + "/tags/{key}",
        Answers.guarded(
            at ->
                Answers.query(
                    at, asked -> loggedModels.deleteTag(model(at), at.pathParam("key")))));
    routes.post(
        one + "/params",
        Answers.guarded(at -> Answers.body(at, asked -> loggedModels.logParams(model(at), asked))));
    routes.get(
        one + "/artifacts/directories",
        Answers.guarded(at -> Answers.query(at, asked -> artifacts.listOfModel(model(at), asked))));
  }

  private static String model(Context context) {
    return context.pathParam("model");
  }

  /**
   * Deletes for good what was deleted long ago: runs with their artifacts, then experiments that
   * hold none.
   *
   * @param age how long ago at least
   * @param dryRun only says what it would delete
   */
  public Collected collect(Duration age, boolean dryRun) throws IOException {
    return collector.collect(age, dryRun);
  }

  /**
   * What was deleted for good.
   *
   * @param bytes of artifacts
   */
  public record Collected(int runs, int experiments, int loggedModels, long bytes) {}

  private static void body(
      RoutesConfig routes,
      HandlerType method,
      String path,
      Function<Payload, ObjectNode> endpoint) {
    routes.addHttpHandler(
        method, API + path, Answers.guarded(context -> Answers.body(context, endpoint)));
  }

  private static void get(
      RoutesConfig routes, String path, Function<Payload, ObjectNode> endpoint) {
    String whole = path.startsWith("/") ? path : API + path;
    routes.get(whole, Answers.guarded(context -> Answers.query(context, endpoint)));
  }

  private static void post(
      RoutesConfig routes, String path, Function<Payload, ObjectNode> endpoint) {
    routes.post(API + path, Answers.guarded(context -> Answers.body(context, endpoint)));
  }

  private static void refuse(RoutesConfig routes, String path) {
    Handler refusal =
        Answers.guarded(
            context -> {
              throw ApiException.noEndpoint(
                  "No endpoint " + context.method() + " " + context.path());
            });
    for (HandlerType method :
        new HandlerType[] {
          HandlerType.GET, HandlerType.POST, HandlerType.PUT, HandlerType.PATCH, HandlerType.DELETE
        }) {
      routes.addHttpHandler(method, path, refusal);
    }
  }
}
