package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.cli.shared.Launcher;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.coordinator.Application;
import org.voxbench.workflows.coordinator.Settings;
import org.voxbench.workflows.run.RunLifecycle.AtShutdown;
import org.voxbench.workflows.web.WebServer.CannotListenException;
import org.voxbench.workflows.web.WebServer.Listen;

/** Where the dashboard is served, and who may see it. */
@Timeout(60)
class ServeTest {

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void boundElsewhereEverythingNeedsTheToken(@TempDir Path folder) throws Exception {
    Home home = new Home(folder).prepared();
    try (Application application = open(home, new Listen("0.0.0.0", 0))) {
      String token = Files.readString(home.root().resolve("token")).strip();
      URI page = application.address();
      URI api = page.resolve("/api/2.0/mlflow/experiments/search?max_results=1");

      assertThat(application.addressFromElsewhere())
          .contains("http://" + InetAddress.getLocalHost().getHostName() + ":" + page.getPort());
      for (URI uri : new URI[] {page, page.resolve("/runs/none-1"), api}) {
        HttpResponse<String> refused = get(uri, "X-Other", "1");
        assertThat(refused.statusCode()).as(uri.toString()).isEqualTo(401);
        assertThat(refused.body()).contains("token");
        assertThat(get(uri, "Authorization", "Bearer " + token).statusCode())
            .as(uri.toString())
            .isNotEqualTo(401);
      }
      assertThat(get(page, "Authorization", "Bearer " + token).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void onLoopbackReadingIsFree(@TempDir Path folder) throws Exception {
    Home home = new Home(folder).prepared();
    try (Application application = open(home, Listen.loopback(0))) {
      assertThat(application.addressFromElsewhere()).isEmpty();
      assertThat(get(application.address(), "X-Other", "1").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNamedWithTheCure(@TempDir Path folder) {
    Home home = new Home(folder).prepared();

    assertThatThrownBy(() -> open(home, new Listen("192.0.2.1", 0)))
        .isInstanceOf(CannotListenException.class)
        .hasMessage("192.0.2.1 is no address of this machine: give one that is with --host");
  }

  private HttpResponse<String> get(URI uri, String header, String value)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).header(header, value).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static Application open(Home home, Listen listen) throws IOException {
    return Application.open(
        home,
        new Settings(
            Launcher.MAIN, listen, new Interruption(), AtShutdown.WAITS, SlotOptions.DEFAULT));
  }
}
