package org.voxbench.tracking.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TestServer;

/** The embedded server and MLflow's own answer the same checks. */
@Timeout(300)
class ConformanceTest {

  @Test
  void theEmbeddedServerPassesEveryCheck(@TempDir Path folder) {
    try (TestServer server = new TestServer(folder)) {
      assertThat(new Conformance(server.uri(), Credentials.none()).check())
          .hasSizeGreaterThan(125)
          .allMatch(Conformance.Row::passed);
    }
  }

  @Test
  @Tag("conformance")
  void mlflowsOwnServerPassesEveryCheck() {
    String uri = System.getenv().getOrDefault("VOXBENCH_MLFLOW_URI", "");
    assumeTrue(
        !uri.isEmpty(), "skipped: start a real 'mlflow server' and name it in VOXBENCH_MLFLOW_URI");
    assertThat(
            new Conformance(URI.create(uri), Credentials.fromEnvironment(System.getenv())).check())
        .allMatch(Conformance.Row::passed);
  }
}
