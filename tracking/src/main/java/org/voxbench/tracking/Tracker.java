package org.voxbench.tracking;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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

  Tracker(URI server, Credentials credentials, Duration deadline, Duration pause) {
    String host = checked(server);
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("deadline: expected more than 0 but was " + deadline);
    }
    shipper =
        new Shipper(
            () -> new MlflowClient(credentials.forClient(host)), deadline, pause, System::nanoTime);
    upload = new ArtifactUpload(host, credentials, deadline, shipper);
  }

  private static String checked(URI server) {
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
   * has ended stays so until {@link TrackedRun#reopen}.
   */
  public TrackedRun open(NewRun run) throws TrackingException {
    String what = "opening run " + run.key();
    String experiment = shipper.call(what, client -> experiment(client, run.experiment()));
    Optional<RunInfo> known = shipper.call(what, client -> find(client, experiment, run.key()));
    RunInfo info =
        known.isPresent()
            ? known.get()
            : shipper.call(what, client -> client.createRun(creation(experiment, run)));
    return new TrackedRun(info, shipper, upload);
  }

  private static String experiment(MlflowClient client, String name) {
    Optional<Experiment> known = client.getExperimentByName(name);
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
      return client
          .getExperimentByName(name)
          .map(Experiment::getExperimentId)
          .orElseThrow(() -> refused);
    }
  }

  // A repeated create request may have made several: the oldest is the run, on every call.
  private static Optional<RunInfo> find(MlflowClient client, String experiment, String key) {
    return client
        .searchRuns(
            List.of(experiment),
            "tags.`" + RUN_KEY_TAG + "` = '" + key + "'",
            ViewType.ACTIVE_ONLY,
            1,
            List.of("attributes.start_time ASC", "attributes.run_id ASC"))
        .getItems()
        .stream()
        .findFirst()
        .map(Run::getInfo);
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

  /** Gives up what is under way; runs stay as they are on the server. */
  @Override
  public void close() {
    shipper.close();
  }
}
