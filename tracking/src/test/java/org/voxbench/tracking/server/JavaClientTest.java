package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.CreateExperiment;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.ExperimentTag;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;

/** MLflow's own, unmodified Java client against the embedded server. */
@SuppressWarnings("deprecation") // users still call the searches without paging
class JavaClientTest {

  private static TestServer server;
  private static MlflowClient client;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder);
    client = new MlflowClient(server.uri().toString());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static Metric metric(String key, double value, long timestamp, long step) {
    return Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(timestamp)
        .setStep(step)
        .build();
  }

  @Test
  void anExperimentIsMadeFoundRenamedTaggedDeletedAndRestored() {
    String id =
        client.createExperiment(
            CreateExperiment.newBuilder()
                .setName("life of an experiment")
                .addTags(ExperimentTag.newBuilder().setKey("team").setValue("ct"))
                .build());
    client.setExperimentTag(id, "stage", "trial");
    client.renameExperiment(id, "renamed");
    Experiment found = client.getExperimentByName("renamed").orElseThrow();
    assertThat(found.getExperimentId()).isEqualTo(id);
    assertThat(found.getArtifactLocation()).isEqualTo("mlflow-artifacts:/" + id);
    assertThat(found.getTagsList())
        .extracting(tag -> tag.getKey() + "=" + tag.getValue())
        .containsExactly("stage=trial", "team=ct");
    assertThat(client.getExperimentByName("life of an experiment")).isEmpty();

    RunInfo run = client.createRun(id);
    client.deleteExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
    assertThat(client.getRun(run.getRunId()).getInfo().getLifecycleStage()).isEqualTo("deleted");
    assertThatThrownBy(() -> client.createRun(id)).hasMessageContaining("'active' state");
    client.restoreExperiment(id);
    assertThat(client.getRun(run.getRunId()).getInfo().getLifecycleStage()).isEqualTo("active");
  }

  @Test
  void theSameExperimentNameIsRefusedTheSecondTime() {
    client.createExperiment("taken");
    assertThatThrownBy(() -> client.createExperiment("taken"))
        .isInstanceOfSatisfying(
            MlflowHttpException.class,
            refused -> {
              assertThat(refused.getStatusCode()).isEqualTo(400);
              assertThat(refused.getBodyMessage()).contains("RESOURCE_ALREADY_EXISTS");
            });
  }

  @Test
  void experimentsAreSearchedInPages() {
    for (int i = 0; i < 5; i++) {
      client.createExperiment("paged-" + i);
    }
    List<String> names = new ArrayList<>();
    var page =
        client.searchExperiments(
            "name LIKE 'paged-%'", ViewType.ACTIVE_ONLY, 2, List.of("name ASC"));
    page.getItems().forEach(item -> names.add(item.getName()));
    while (page.hasNextPage()) {
      page = (ExperimentsPage) page.getNextPage();
      page.getItems().forEach(item -> names.add(item.getName()));
    }
    assertThat(names).containsExactly("paged-0", "paged-1", "paged-2", "paged-3", "paged-4");
  }

  @Test
  void paramsMetricsTagsAndFinalStatusAreReadBack() {
    String experiment = client.createExperiment("read back");
    RunInfo made =
        client.createRun(
            CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setUserId("radiologist")
                .setRunName("first")
                .setStartTime(1_700_000_000_000L)
                .addTags(RunTag.newBuilder().setKey("voxbench.run").setValue("r1"))
                .build());
    String id = made.getRunId();
    assertThat(made.getStatus()).isEqualTo(RunStatus.RUNNING);
    client.logParam(id, "seed", "20");
    client.logParam(id, "seed", "20");
    client.logMetric(id, "train.loss", 0.5, 1_700_000_000_100L, 1);
    client.logMetric(id, "train.loss", 0.25, 1_700_000_000_200L, 2);
    client.logBatch(
        id,
        List.of(metric("dice.mean", 0.91, 1_700_000_000_300L, 2)),
        List.of(Param.newBuilder().setKey("network.variant").setValue("nano").build()),
        List.of(RunTag.newBuilder().setKey("note").setValue("häßlich ✓ \"q\"").build()));
    client.setTag(id, "gone", "x");
    client.deleteTag(id, "gone");
    client.setTerminated(id, RunStatus.FINISHED, 1_700_000_001_000L);

    Run run = client.getRun(id);
    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.getInfo().getStartTime()).isEqualTo(1_700_000_000_000L);
    assertThat(run.getInfo().getEndTime()).isEqualTo(1_700_000_001_000L);
    assertThat(run.getInfo().getUserId()).isEqualTo("radiologist");
    assertThat(run.getInfo().getArtifactUri())
        .isEqualTo("mlflow-artifacts:/" + experiment + "/" + id + "/artifacts");
    assertThat(run.getData().getParamsList())
        .extracting(param -> param.getKey() + "=" + param.getValue())
        .containsExactly("network.variant=nano", "seed=20");
    Map<String, Double> metrics =
        run.getData().getMetricsList().stream()
            .collect(Collectors.toMap(Metric::getKey, Metric::getValue));
    assertThat(metrics).isEqualTo(Map.of("train.loss", 0.25, "dice.mean", 0.91));
    Map<String, String> tags =
        run.getData().getTagsList().stream()
            .collect(Collectors.toMap(RunTag::getKey, RunTag::getValue));
    assertThat(tags)
        .isEqualTo(
            Map.of("voxbench.run", "r1", "note", "häßlich ✓ \"q\"", "mlflow.runName", "first"));
  }

  @Test
  void aChangedParamIsRefusedAndTheFirstValueStays() {
    String id = client.createRun().getRunId();
    client.logParam(id, "rate", "0.1");
    assertThatThrownBy(() -> client.logParam(id, "rate", "0.2"))
        .hasMessageContaining("Changing param values is not allowed");
    assertThat(client.getRun(id).getData().getParams(0).getValue()).isEqualTo("0.1");
  }

  @Test
  void nanAndBothInfinitiesTravelUnchanged() {
    String id = client.createRun().getRunId();
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int i = 0; i < values.length; i++) {
      client.logMetric(id, "odd", values[i], 100 + i, i);
      client.logMetric(id, "odd" + i, values[i], 100, 0);
    }
    assertThat(client.getMetricHistory(id, "odd"))
        .extracting(Metric::getValue)
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(client.getRun(id).getData().getMetricsList())
        .extracting(Metric::getValue)
        .containsExactly(
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY);
  }

  @Test
  void aHistoryIsOrderedByTimestampThenStepAndPointsSentTwiceAreThereOnce() {
    String id = client.createRun().getRunId();
    List<Metric> points =
        List.of(
            metric("m", 3, 200, 3),
            metric("m", 2, 100, 5),
            metric("m", 1, 50, 5),
            metric("m", 1, 50, 5));
    client.logBatch(id, points, List.of(), List.of());
    client.logBatch(id, points, List.of(), List.of());
    client.logMetric(id, "m", 2, 100, 5);
    client.logMetric(id, "m", 2.5, 100, 5);
    assertThat(client.getMetricHistory(id, "m"))
        .extracting(Metric::getValue)
        .containsExactly(1.0, 2.0, 2.5, 3.0);
    Metric latest = client.getRun(id).getData().getMetrics(0);
    assertThat(latest).isEqualTo(metric("m", 2.5, 100, 5));
  }

  @Test
  void aHistoryLongerThanAnyPageComesWholeToAClientThatAsksForNoPage() {
    String id = client.createRun().getRunId();
    for (int batch = 0; batch < 30; batch++) {
      List<Metric> points = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        points.add(metric("long", i, batch, i));
      }
      client.logBatch(id, points, List.of(), List.of());
    }
    assertThat(client.getMetricHistory(id, "long")).hasSize(30_000);
  }

  @Test
  void runsAreSearchedWithFilterOrderAndPages() {
    String experiment = client.createExperiment("search");
    for (int i = 0; i < 7; i++) {
      RunInfo run = client.createRun(experiment);
      client.logMetric(run.getRunId(), "loss", i == 6 ? Double.NaN : i, 1, 0);
      client.logParam(run.getRunId(), "kind", i % 2 == 0 ? "even" : "odd");
    }
    List<String> experiments = List.of(experiment);
    assertThat(client.searchRuns(experiments, "metrics.loss > 1 AND params.kind = 'even'"))
        .hasSize(2);
    List<Double> losses = new ArrayList<>();
    var page =
        client.searchRuns(experiments, "", ViewType.ACTIVE_ONLY, 3, List.of("metrics.loss DESC"));
    while (true) {
      page.getItems().forEach(run -> losses.add(run.getData().getMetrics(0).getValue()));
      if (!page.hasNextPage()) {
        break;
      }
      page = (RunsPage) page.getNextPage();
    }
    assertThat(losses).containsExactly(5.0, 4.0, 3.0, 2.0, 1.0, 0.0, Double.NaN);
    assertThat(client.listRunInfos(experiment)).hasSize(7);
  }

  @Test
  void aDeletedRunIsFoundOnlyWhereDeletedRunsAreAskedFor() {
    String experiment = client.createExperiment("deleted runs");
    String id = client.createRun(experiment).getRunId();
    client.deleteRun(id);
    assertThat(client.searchRuns(List.of(experiment), "")).isEmpty();
    assertThat(client.searchRuns(List.of(experiment), "", ViewType.DELETED_ONLY)).hasSize(1);
    assertThatThrownBy(() -> client.logMetric(id, "m", 1)).hasMessageContaining("'active' state");
    client.restoreRun(id);
    client.logMetric(id, "m", 1);
    assertThat(client.searchRuns(List.of(experiment), "")).hasSize(1);
  }

  @Test
  void theFluentContextNestsRuns() {
    String experiment = client.createExperiment("fluent");
    MlflowContext context = new MlflowContext(client);
    context.setExperimentName("fluent");
    ActiveRun parent = context.startRun("parent");
    ActiveRun child = context.startRun("child", parent.getId());
    child.logParam("a", "1");
    child.endRun();
    parent.endRun();
    assertThat(
            client.searchRuns(
                List.of(experiment), "tags.mlflow.parentRunId = '" + parent.getId() + "'"))
        .extracting(RunInfo::getRunId, RunInfo::getStatus)
        .containsExactly(tuple(child.getId(), RunStatus.FINISHED));
  }
}
