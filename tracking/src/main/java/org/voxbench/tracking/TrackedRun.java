package org.voxbench.tracking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;

/** A run on a tracking server. Every call may be repeated; see {@link Tracker} for its failures. */
public final class TrackedRun {

  private static final int MAX_METRICS = 1000;
  private static final int MAX_PAIRS = 100;
  private static final int LONGEST_TAG = 5000;

  private final RunInfo info;
  private final Shipper shipper;
  private final Rest rest;
  private final ArtifactUpload upload;
  private final EarlierPlace earlier;

  TrackedRun(RunInfo info, Shipper shipper, Rest rest, ArtifactUpload upload) {
    this.info = info;
    this.shipper = shipper;
    this.rest = rest;
    this.upload = upload;
    this.earlier = new EarlierPlace(info, rest);
  }

  /** The server's id of the run. */
  public String id() {
    return info.getRunId();
  }

  /** The server's id of its experiment. */
  public String experimentId() {
    return info.getExperimentId();
  }

  /** Parameters never change: the same value again is fine, another one is refused. */
  public void params(Map<String, String> params) throws TrackingException {
    List<Param> all = new ArrayList<>();
    new TreeMap<>(params)
        .forEach((key, value) -> all.add(Param.newBuilder().setKey(key).setValue(value).build()));
    inBatches(
        "logging parameters",
        all,
        MAX_PAIRS,
        (client, batch) -> client.logBatch(id(), List.of(), batch, List.of()));
  }

  /** Sets tags; a later value replaces an earlier one, and one over MLflow's limit is cut. */
  public void tags(Map<String, String> tags) throws TrackingException {
    List<RunTag> all = new ArrayList<>();
    new TreeMap<>(tags).forEach((key, value) -> all.add(Tracker.tag(key, cut(value))));
    inBatches(
        "setting tags",
        all,
        MAX_PAIRS,
        (client, batch) -> client.logBatch(id(), List.of(), List.of(), batch));
  }

  /**
   * Sets tags as {@link #tags} does, but leaves out those that the server refuses.
   *
   * @return what it refused
   */
  public Refusals tagsAccepted(Map<String, String> tags) throws TrackingException {
    return sifted(
        List.copyOf(new TreeMap<>(tags).entrySet()),
        MAX_PAIRS,
        batch -> tags(pairs(batch)),
        Map.Entry::getKey);
  }

  private static Map<String, String> pairs(List<Map.Entry<String, String>> batch) {
    Map<String, String> pairs = new TreeMap<>();
    batch.forEach(pair -> pairs.put(pair.getKey(), pair.getValue()));
    return pairs;
  }

  // 5000 characters is the limit of servers before MLflow 2.16, where a longer one is refused.
  private static String cut(String value) {
    return value.length() <= LONGEST_TAG ? value : value.substring(0, LONGEST_TAG - 3) + "...";
  }

  /** Logs points in requests of at most 1000; after a failure send them all again. */
  public void metrics(List<MetricPoint> points) throws TrackingException {
    inBatches(
        "logging metrics",
        points.stream().map(TrackedRun::metric).toList(),
        MAX_METRICS,
        (client, batch) -> client.logBatch(id(), batch, List.of(), List.of()));
  }

  /**
   * Logs points as {@link #metrics} does, but leaves out those that the server refuses.
   *
   * @return what it refused
   */
  public Refusals metricsAccepted(List<MetricPoint> points) throws TrackingException {
    return sifted(points, MAX_METRICS, this::metrics, MetricPoint::key);
  }

  /**
   * Logs parameters as {@link #params} does, but leaves out those that the server refuses.
   *
   * @return what it refused
   */
  public Refusals paramsAccepted(Map<String, String> params) throws TrackingException {
    return sifted(
        List.copyOf(new TreeMap<>(params).entrySet()),
        MAX_PAIRS,
        batch -> params(pairs(batch)),
        Map.Entry::getKey);
  }

  private <T> Refusals sifted(
      List<T> items, int most, Sieve.Send<T> send, java.util.function.Function<T, String> name)
      throws TrackingException {
    Sieve<T> sieve = new Sieve<>(send, name);
    boolean known = false;
    for (int from = 0; from < items.size(); from += most) {
      List<T> batch = items.subList(from, Math.min(items.size(), from + most));
      try {
        send.send(batch);
      } catch (TrackingRefusedException refused) {
        if (refused.isMissing()) {
          throw refused;
        }
        if (!known) {
          checkActive();
          known = true;
        }
        sieve.put(batch);
      }
    }
    return sieve.refused();
  }

  /** A deleted run refuses everything: then it is not the items that are at fault. */
  private void checkActive() throws TrackingException {
    String stage =
        shipper.call(
            "looking at run " + id(), client -> client.getRun(id()).getInfo().getLifecycleStage());
    if (stage.equals("deleted")) {
      throw Tracker.deleted(id());
    }
  }

  /**
   * Says which datasets the run reads.
   *
   * @return false where the server is too old to know inputs
   */
  public boolean inputs(List<DatasetUse> datasets) throws TrackingException {
    ObjectNode body = Rest.JSON.createObjectNode().put("run_id", id());
    ArrayNode list = body.putArray("datasets");
    for (DatasetUse use : datasets) {
      ObjectNode input = list.addObject();
      input
          .putArray("tags")
          .addObject()
          .put("key", "mlflow.data.context")
          .put("value", use.context());
      input
          .putObject("dataset")
          .put("name", use.name())
          .put("digest", use.digest())
          .put("source_type", "voxbench")
          .put("source", use.source())
          .put("profile", use.profile());
    }
    return rest.callIfKnown("logging inputs of run " + id(), "POST", "runs/log-inputs", body)
        .isPresent();
  }

  /** The registered models of the same server. */
  public ModelRegistry models() {
    return new ModelRegistry(rest);
  }

  /** Where the server keeps the run's artifacts. */
  public String artifactUri() {
    return info.getArtifactUri();
  }

  private static Metric metric(MetricPoint point) {
    return Metric.newBuilder()
        .setKey(point.key())
        .setValue(point.value())
        .setTimestamp(point.at().toEpochMilli())
        .setStep(point.step())
        .build();
  }

  private <T> void inBatches(
      String what, List<T> items, int most, BiConsumer<MlflowClient, List<T>> send)
      throws TrackingException {
    for (int from = 0; from < items.size(); from += most) {
      List<T> batch = items.subList(from, Math.min(items.size(), from + most));
      call(what, client -> send.accept(client, batch));
    }
  }

  /**
   * Stores a file as an artifact, replacing one of the same path. The file is streamed, and what
   * arrived is compared by SHA-256. Where the tracker keeps notes, a large file whose upload broke
   * off goes on from there, if it has not changed.
   *
   * @param path below the run, such as {@code weights/model.safetensors}
   * @return the SHA-256 in hexadecimal
   */
  public String artifact(String path, Path file) throws TrackingException {
    Optional<String> proxied = earlier.put(upload, path, file);
    return proxied.isPresent() ? proxied.get() : upload.put(info.getArtifactUri(), path, file);
  }

  /** Says that a run that had ended goes on. */
  public void reopen() throws TrackingException {
    String json = "{\"run_id\": \"" + id() + "\", \"status\": \"RUNNING\"}";
    call("reopening", client -> client.sendPost("runs/update", json));
  }

  public void end(RunEnd end, Instant at) throws TrackingException {
    call("ending", client -> client.setTerminated(id(), end.status, at.toEpochMilli()));
  }

  private void call(String what, java.util.function.Consumer<MlflowClient> work)
      throws TrackingException {
    boolean done =
        shipper.call(
            what + " of run " + id(),
            client -> {
              work.accept(client);
              return true;
            });
    assert done;
  }
}
