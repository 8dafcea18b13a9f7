package org.voxbench.tracking.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(TrackingApi.class);
  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";

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

  /**
   * Creates or migrates the schema, and deletes what uploads left that broke off.
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
    artifacts.deleteLeftovers();
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
    routes.get(ARTIFACTS, guarded(context -> query(context, artifacts::list)));
    routes.get(ARTIFACTS + "/<path>", guarded(artifacts::get));
    routes.put(ARTIFACTS + "/<path>", guarded(artifacts::put));
    routes.delete(ARTIFACTS + "/<path>", guarded(artifacts::delete));
    routes.get("/health", context -> context.result("OK"));
    routes.get("/version", context -> context.result(MLFLOW_VERSION));
    for (String rest : new String[] {API + "*", ARTIFACTS + "*", "/api/3.0/mlflow/*"}) {
      refuse(routes, rest);
    }
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
    routes.get(one, guarded(at -> query(at, asked -> loggedModels.get(model(at)))));
    routes.patch(one, guarded(at -> body(at, asked -> loggedModels.finish(model(at), asked))));
    routes.delete(one, guarded(at -> query(at, asked -> loggedModels.delete(model(at)))));
    routes.patch(
        one + "/tags", guarded(at -> body(at, asked -> loggedModels.setTags(model(at), asked))));
    routes.delete(
        one + "/tags/{key}",
        guarded(at -> query(at, asked -> loggedModels.deleteTag(model(at), at.pathParam("key")))));
    routes.post(
        one + "/params",
        guarded(at -> body(at, asked -> loggedModels.logParams(model(at), asked))));
    routes.get(
        one + "/artifacts/directories",
        guarded(at -> query(at, asked -> artifacts.listOfModel(model(at), asked))));
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
    routes.addHttpHandler(method, API + path, guarded(context -> body(context, endpoint)));
  }

  private static void get(
      RoutesConfig routes, String path, Function<Payload, ObjectNode> endpoint) {
    routes.get(API + path, guarded(context -> query(context, endpoint)));
  }

  private static void post(
      RoutesConfig routes, String path, Function<Payload, ObjectNode> endpoint) {
    routes.post(API + path, guarded(context -> body(context, endpoint)));
  }

  private static void refuse(RoutesConfig routes, String path) {
    Handler refusal =
        guarded(
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

  private static void query(Context context, Function<Payload, ObjectNode> endpoint)
      throws JsonProcessingException {
    answer(context, endpoint.apply(Payload.ofQuery(context.queryParamMap())));
  }

  private static void body(Context context, Function<Payload, ObjectNode> endpoint)
      throws IOException {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw ApiException.invalid(
          "Bad Request. Content-Type must be 'application/json' but was '" + type + "'");
    }
    answer(context, endpoint.apply(Payload.ofBody(context.bodyInputStream())));
  }

  private static void answer(Context context, ObjectNode json) throws JsonProcessingException {
    context.contentType("application/json");
    context.result(Payload.MAPPER.writeValueAsBytes(json));
  }

  /** Turns every failure into the JSON that MLflow's clients read. */
  private static Handler guarded(Handler handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (ApiException refusal) {
        refuse(context, refusal.code, String.valueOf(refusal.getMessage()));
      } catch (IOException gone) {
        LOG.warn("{} {} broke off: {}", context.method(), context.path(), gone.toString());
        refuse(context, ApiException.Code.INTERNAL_ERROR, "Reading or writing broke off: " + gone);
      } catch (Exception failure) {
        LOG.error(
            "{} {} failed and is answered with 500", context.method(), context.path(), failure);
        refuse(context, ApiException.Code.INTERNAL_ERROR, "The server failed: see its log");
      }
    };
  }

  private static void refuse(Context context, ApiException.Code code, String message)
      throws JsonProcessingException {
    context.status(code.status);
    answer(context, Json.object().put("error_code", code.name()).put("message", message));
  }
}
