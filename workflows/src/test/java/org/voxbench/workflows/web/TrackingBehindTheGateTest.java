package org.voxbench.workflows.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.web.WebServer.Listen;

/** MLflow's own Java client, unchanged, against the tracking API as the root mounts it. */
class TrackingBehindTheGateTest {

  private final JdbcConnectionPool database =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  private AccessToken token;
  private WebServer server;

  @BeforeEach
  void start(@TempDir Path home) {
    token = AccessToken.of(home);
    TrackingApi tracking =
        new TrackingApi(database, home.resolve("artifacts"), InstantSource.system());
    server = WebServer.start(Listen.loopback(0), token, List.of(tracking::mount));
  }

  @AfterEach
  void stop() {
    server.close();
    database.dispose();
  }

  private static void logsAndReadsBack(BasicMlflowHostCreds credentials) {
    try (MlflowClient client = new MlflowClient(credentials)) {
      String experiment = client.createExperiment("behind the gate");
      String run = client.createRun(experiment).getRunId();
      client.logParam(run, "seed", "20");
      client.logMetric(run, "dice.mean", 0.934);
      client.setTerminated(run);
      assertThat(client.getRun(run).getData().getMetrics(0).getValue()).isEqualTo(0.934);
      assertThat(client.getExperimentByName("behind the gate")).isPresent();
    }
  }

  @Test
  void theStockClientWorksWithTheTokenAsBearer() {
    logsAndReadsBack(new BasicMlflowHostCreds(server.address().toString(), token.value()));
  }

  @Test
  void theStockClientWorksWithTheTokenAsPassword() {
    logsAndReadsBack(
        new BasicMlflowHostCreds(server.address().toString(), "anyone", token.value()));
  }

  @Test
  void theStockClientWithoutTheTokenIsToldWhereItIs() {
    try (MlflowClient client =
        new MlflowClient(new BasicMlflowHostCreds(server.address().toString()))) {
      assertThatThrownBy(() -> client.createExperiment("refused"))
          .isInstanceOf(MlflowHttpException.class)
          .hasMessageContaining("401")
          .extracting(e -> ((MlflowHttpException) e).getBodyMessage())
          .asString()
          .contains("the file token");
    }
  }

  @Test
  void everyRouteOfTheTrackingApiKeepsTheRule() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    assertThat(server.routes()).hasSizeGreaterThan(30);
    for (String route : server.routes()) {
      String path = Routes.path(route);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.address() + path))
              .method(Routes.method(route), HttpRequest.BodyPublishers.noBody())
              .build();
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (Routes.method(route).equals("GET")) {
        assertThat(status).as(route).isNotIn(401, 403);
      } else {
        assertThat(status).as(route).isEqualTo(401);
      }
    }
  }
}
