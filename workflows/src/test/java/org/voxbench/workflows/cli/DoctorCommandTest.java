package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.coordinator.CoordinatorAddress;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;
import org.voxbench.workflows.web.WebServer.Listen;

/** What doctor says of a coordinator that serves. */
@Timeout(60)
class DoctorCommandTest {

  @TempDir private Path folder = Path.of("");
  private Home home = new Home(Path.of(""));

  @BeforeEach
  void prepare() {
    home = new Home(folder).prepared();
  }

  private JsonNode finding() throws IOException {
    StringWriter out = new StringWriter();
    Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .execute("doctor", "--json", "--home", folder.toString());
    for (JsonNode finding : Json.MAPPER.readTree(out.toString())) {
      if (finding.path("check").asText().equals("coordinator")) {
        return finding;
      }
    }
    throw new AssertionError("no such check in " + out);
  }

  /** A server that gives this answer about its health, to those who have the token. */
  private WebServer serving(int status, String answer) throws IOException {
    WebServer server =
        WebServer.start(
            Listen.loopback(0),
            AccessToken.of(home.root()),
            java.util.List.of(
                routes ->
                    routes.get(
                        "/health/ready",
                        context ->
                            context
                                .status(status)
                                .contentType("application/json")
                                .result(answer))));
    URI address = server.address();
    Files.write(
        home.coordinator(),
        Json.MAPPER.writeValueAsBytes(
            new CoordinatorAddress(address, ProcessHandle.current().pid())));
    return server;
  }

  @Test
  void withoutACoordinatorNothingIsWrong() throws IOException {
    assertThat(finding().path("verdict").asText()).isEqualTo("ok");
    assertThat(finding().path("sentence").asText()).contains("none is running");
  }

  @Test
  void oneThatIsReadyIsSaidToBe() throws IOException {
    try (WebServer server = serving(200, "{\"status\":\"UP\",\"checks\":[]}")) {
      assertThat(finding().path("sentence").asText())
          .isEqualTo(server.address() + " is ready for work");
    }
  }

  @Test
  void oneThatIsNotReadyIsBadAndSaysWhy() throws IOException {
    String answer =
        """
        {"status":"DOWN","checks":[{"name":"database","status":"UP","message":"2 runs"},
        {"name":"disk","status":"DOWN","message":"the disk is full"}]}
        """;
    try (WebServer server = serving(503, answer)) {
      assertThat(finding().path("verdict").asText()).isEqualTo("bad");
      assertThat(finding().path("sentence").asText())
          .isEqualTo(server.address() + " is not ready for work: disk: the disk is full");
    }
  }
}
