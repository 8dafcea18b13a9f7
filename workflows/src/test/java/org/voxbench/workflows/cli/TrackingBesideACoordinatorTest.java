package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.javalin.Javalin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.run.RunBench;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.Listen;
import picocli.CommandLine;

/** {@code tracking ship} and {@code gc} while a coordinator serves: it does what they ask. */
@SuppressWarnings("try") // a coordinator serves while its block lasts
@Timeout(180)
class TrackingBesideACoordinatorTest {

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out) {}

  private Outcome tracking(String... words) {
    StringWriter out = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
    List<String> all = new ArrayList<>(List.of("tracking"));
    all.addAll(List.of(words));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    int code = command.execute(all.toArray(new String[0]));
    return new Outcome(code, out.toString());
  }

  private Javalin server(int port) throws Exception {
    Path artifacts = Files.createDirectories(folder.resolve("artifacts"));
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    TrackingApi api = new TrackingApi(database, artifacts, InstantSource.system());
    return Javalin.create(config -> api.mount(config.routes)).start("127.0.0.1", port);
  }

  @Test
  void runsAreToldByTheCoordinatorAtOnceAlsoToAServerThatFailedAMomentAgo() throws Exception {
    RunBench bench = new RunBench(folder.resolve("home"));
    bench.lifecycle().begin(bench.queued(1));
    bench.lifecycle().succeed("demo-1");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String uri = "http://127.0.0.1:" + port;
    Settings settings =
        new Settings(
            Launcher.MAIN,
            Listen.loopback(0),
            new Interruption(),
            AtShutdown.WAITS,
            SlotOptions.DEFAULT);
    try (Application coordinator = Application.open(bench.home(), settings)) {
      Outcome away = tracking("ship", "--uri", uri);
      assertThat(away.code()).isEqualTo(1);
      assertThat(away.out()).contains("not told wholly: demo-1", "the rest waits: ", uri);

      Javalin server = server(port);
      try (MlflowClient client = new MlflowClient(uri)) {
        Outcome there = tracking("ship");
        assertThat(there.out()).contains("the coordinator tells them", "all is told");
        assertThat(there.code()).isZero();
        String experiment = client.getExperimentByName("demo").orElseThrow().getExperimentId();
        assertThat(client.listRunInfos(experiment))
            .extracting(RunInfo::getRunName, RunInfo::getStatus)
            .containsExactly(tuple("demo-1", RunStatus.FINISHED));
      } finally {
        server.stop();
      }
      Outcome gc = tracking("gc", "--older-than", "0d");
      assertThat(gc.out()).contains("deleted 0 runs, 0 experiments");
      assertThat(gc.code()).isZero();
    }
  }
}
