package org.voxbench.tracking;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;

/**
 * Opens runs on an MLflow tracking server, embedded or real, through MLflow's Java client. Every
 * call here and on {@link TrackedRun} waits at most the deadline (an artifact: longer by its size),
 * throws {@link TrackingUnavailableException} for what may pass and {@link
 * TrackingRefusedException} for what will not, and may be repeated at will. Safe for use by many
 * threads; their calls go out one by one.
 */
public final class Tracker implements AutoCloseable {

  /** The tag that carries {@link NewRun#key}. */
  public static final String RUN_KEY_TAG = "voxbench.run";

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Shipper shipper;
  private final Rest rest;
  private final ArtifactUpload upload;

  /**
   * Connects to nothing yet.
   *
   * @param server http or https, may have a path; credentials in it are refused
   * @param deadline for one request, such as ten seconds
   */
  public Tracker(URI server, Credentials credentials, Duration deadline) {
    this(server, credentials, deadline, PAUSE);
  }

  /**
   * Connects to nothing yet. Artifacts of any size go whole.
   *
   * @param pause how long calls fail at once after a failure
   */
  public Tracker(URI server, Credentials credentials, Duration deadline, Duration pause) {
    this(server, credentials, deadline, pause, (PartRules) null);
  }

  /**
   * Connects to nothing yet. Artifacts of more than 64 MiB go in parts of 16 MiB where the server
   * takes them, and an upload that broke off goes on where it was, in whichever process.
   *
   * @param pause how long calls fail at once after a failure
   * @param uploads folder for notes on uploads that are under way
   */
  public Tracker(
      URI server, Credentials credentials, Duration deadline, Duration pause, Path uploads) {
    this(server, credentials, deadline, pause, PartRules.standard(uploads));
  }

  Tracker(
      URI server,
      Credentials credentials,
      Duration deadline,
      Duration pause,
      @Nullable PartRules parts) {
    String host = checked(server);
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("deadline: expected more than 0 but was " + deadline);
    }
    shipper =
        new Shipper(
            () -> new MlflowClient(credentials.forClient(host)), deadline, pause, System::nanoTime);
    rest = new Rest(host, credentials, deadline, shipper);
    upload = new ArtifactUpload(rest, parts);
  }

  static String checked(URI server) {
    String scheme = String.valueOf(server.getScheme());
    if (!List.of("http", "https").contains(scheme) || server.getHost() == null) {
      throw new IllegalArgumentException(
          "tracking server: expected an address such as http://127.0.0.1:5000 but was " + server);
    }
    if (server.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "tracking server: expected no user or password in the address of "
              + server.getHost()
              + "; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD instead");
    }
    return server.toString().replaceAll("/+$", "");
  }

  /**
   * Finds the run with this key, or makes it together with its experiment where missing. A run that
   * has ended stays so until {@link TrackedRun#reopen}; one that was deleted on the server is
   * refused.
   */
  public TrackedRun open(NewRun run) throws TrackingException {
    String what = "opening run " + run.key();
    String experiment = shipper.call(what, client -> experiment(client, run.experiment()));
    List<RunInfo> known = shipper.call(what, client -> find(client, experiment, run.key()));
    if (known.isEmpty()) {
      RunInfo made = shipper.call(what, client -> client.createRun(creation(experiment, run)));
      known = shipper.call(what, client -> find(client, experiment, run.key()));
      known = known.isEmpty() ? List.of(made) : known;
    }
    List<RunInfo> active =
        known.stream().filter(info -> !info.getLifecycleStage().equals("deleted")).toList();
    if (active.isEmpty()) {
      throw deleted(known.get(0).getRunId());
    }
    deleteGhosts(what, active.subList(1, active.size()));
    return new TrackedRun(active.get(0), shipper, rest, upload);
  }

  static TrackingRefusedException deleted(String id) {
    return new TrackingRefusedException(
        "run " + id + " was deleted on the server; restore it there to have it told further");
  }

  // The client sends a create request that failed three times, so there may be empty twins.
  private void deleteGhosts(String what, List<RunInfo> ghosts) throws TrackingException {
    for (RunInfo ghost : ghosts) {
      boolean done =
          shipper.call(
              what,
              client -> {
                client.deleteRun(ghost.getRunId());
                return true;
              });
      assert done;
    }
  }

  /**
   * Tells one server's store from another behind the same address: when it was made, as far as the
   * server says.
   */
  public String identity() throws TrackingException {
    try {
      return rest.call("greeting the server", "GET", "experiments/get?experiment_id=0", null)
          .at("/experiment/creation_time")
          .asText("0");
    } catch (TrackingRefusedException noDefaultExperiment) {
      return "0";
    }
  }

  // By search: the client sends a look-up by name three times where there is no such experiment.
  private static String experiment(MlflowClient client, String name) {
    Optional<Experiment> known = byName(client, name);
    if (known.isPresent()) {
      if (known.get().getLifecycleStage().equals("deleted")) {
        client.restoreExperiment(known.get().getExperimentId());
      }
      return known.get().getExperimentId();
    }
    try {
      return client.createExperiment(name);
    } catch (MlflowHttpException refused) {
      // Somebody else, or a repeated request of this client, may have made it in between.
      return byName(client, name).map(Experiment::getExperimentId).orElseThrow(() -> refused);
    }
  }

  private static Optional<Experiment> byName(MlflowClient client, String name) {
    String quote = name.contains("'") ? "\"" : "'";
    return client
        .searchExperiments("name = " + quote + name + quote, ViewType.ALL, 1, List.of())
        .getItems()
        .stream()
        .findFirst();
  }

  // The oldest active one is the run, on every call.
  private static List<RunInfo> find(MlflowClient client, String experiment, String key) {
    return client
        .searchRuns(
            List.of(experiment),
            "tags.`" + RUN_KEY_TAG + "` = '" + key + "'",
            ViewType.ALL,
            10,
            List.of("attributes.start_time ASC", "attributes.run_id ASC"))
        .getItems()
        .stream()
        .map(Run::getInfo)
        .toList();
  }

  private static CreateRun creation(String experiment, NewRun run) {
    CreateRun.Builder creation =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setRunName(run.name())
            .setStartTime(run.started().toEpochMilli());
    new TreeMap<>(run.tags()).forEach((key, value) -> creation.addTags(tag(key, value)));
    return creation.addTags(tag(RUN_KEY_TAG, run.key())).build();
  }

  static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  /** Has the next call tried even if the server failed a moment ago. */
  public void endPause() {
    shipper.endPause();
  }

  /** Gives up what is under way; runs stay as they are on the server. */
  @Override
  public void close() {
    shipper.close();
  }
}
