package org.voxbench.workflows.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.ModelRegistry.Version;
import org.voxbench.tracking.NewRun;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;

/** The alias {@code champion} names the best of the runs that may be compared. */
class ChampionTest {

  private RunBench bench;
  private WebServer server;
  private Tracker tracker;

  @BeforeEach
  void start(@TempDir Path folder) {
    bench = new RunBench(folder);
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    TrackingApi api = new TrackingApi(database, bench.home().artifacts(), InstantSource.system());
    AccessToken token = AccessToken.of(bench.home().root());
    server = WebServer.start(WebServer.Listen.loopback(0), token, List.of(api::mount));
    Credentials credentials = Credentials.bearer(token.value());
    tracker = new Tracker(server.address(), credentials, Duration.ofSeconds(20), Duration.ZERO);
  }

  @AfterEach
  void stop() {
    tracker.close();
    server.close();
  }

  /** Tells a run with this score on these cases; gives the id of the run that is champion then. */
  private String champion(double dice, String... cases) throws Exception {
    String id = bench.queued(1);
    bench.lifecycle().begin(id);
    for (StepName step : StepName.values()) {
      bench.runner().run(id, step);
    }
    bench.lifecycle().succeed(id);
    bench.journal().update(id, run -> run.plus(Map.of("dice.mean", dice)));
    RunContent content = RunContent.read(bench.home(), id);
    String lines = "case,class,dice\r\n" + String.join(",1,0.5\r\n", cases) + ",1,0.5\r\n";
    Path scores = content.published(StepName.EVALUATE).orElseThrow().output();
    Files.writeString(scores.resolve(CaseTable.SCORES), lines);
    TrackedRun tracked =
        tracker.open(new NewRun("demo", id, id, content.run().created(), Map.of()));
    assertThat(Champion.tell(content, tracked)).isEmpty();
    assertThat(Champion.tell(content, tracked)).isEmpty();
    return named(tracked, "champion");
  }

  private static String named(TrackedRun tracked, String alias) throws Exception {
    return tracked
        .models()
        .named("demo", alias)
        .map(Version::tags)
        .map(tags -> String.valueOf(tags.get("voxbench.run")))
        .orElse("");
  }

  @Test
  void aWorseRunDoesNotTakeTheTitleAndABetterOneDoes() throws Exception {
    assertThat(champion(0.8, "a", "b")).isEqualTo("demo-1");
    assertThat(champion(0.7, "a", "b")).isEqualTo("demo-1");
    assertThat(champion(0.8, "a", "b")).isEqualTo("demo-1");
    assertThat(champion(0.81, "b", "a")).isEqualTo("demo-4");
    assertThat(champion(Double.NaN, "a", "b")).isEqualTo("demo-4");
  }

  @Test
  void aRunJudgedOnOtherCasesIsNotComparedHoweverGood() throws Exception {
    assertThat(champion(0.8, "a", "b")).isEqualTo("demo-1");
    assertThat(champion(0.99, "a")).isEqualTo("demo-1");
    assertThat(champion(0.98, "a")).isEqualTo("demo-1");
    assertThat(champion(0.81, "a", "b")).isEqualTo("demo-4");
  }
}
