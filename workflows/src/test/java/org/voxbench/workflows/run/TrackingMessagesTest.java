package org.voxbench.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.shipping.ShipmentStatus;
import org.voxbench.workflows.shipping.TrackingShipper;

/** What is said of a server that fails or refuses: once, and with the cure. */
@Timeout(180)
class TrackingMessagesTest {

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("org.voxbench.workflows.shipping");

  @TempDir private Path folder = Path.of("");
  private RunBench bench;
  private Shipping shipping;

  @BeforeEach
  void start() {
    bench = new RunBench(folder.resolve("home"));
    shipping = new Shipping(bench);
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    shipping.close();
  }

  private List<String> warnings() {
    return List.copyOf(said.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private ShipmentStatus status() throws IOException {
    return ShipmentStatus.all(bench.home).get(0);
  }

  @Test
  void aServerThatIsAwayIsSaidOnceWithItsAddressAndTheCure() throws IOException {
    bench.work(bench.queued(1));
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + free);
    shipping.begin(nobody, Map.of()).close();
    String why =
        nobody
            + ": greeting the server: nobody listens at this address (start the server, or check"
            + " the tracking URI)";
    assertThat(warnings())
        .containsExactly(
            "1 run(s) wait for the tracking server "
                + why
                + ". Nothing is lost: voxbench tracking ship tells the rest, and so does the next"
                + " run");
    assertThat(status().problem()).isEqualTo(why);
  }

  @Test
  void filesThatAServerDidNotTakeAreOneLineAndAreToldOnceItIsMended() throws Exception {
    String id = bench.queued(1);
    bench.work(id);
    Files.writeString(bench.home.run(id).resolve("experiment.yaml"), "name: demo");
    try (ForwardingProxy unproxied =
        ForwardingProxy.lacking(List.of("mlflow-artifacts"), shipping.server.address())) {
      shipping.begin(unproxied.address(), Map.of()).close();
    }
    assertThat(status().complete()).isTrue();
    assertThat(status().files().told()).isZero();
    assertThat(status().refused())
        .singleElement()
        .asString()
        .startsWith("artifact config/experiment.json, config/experiment.yaml")
        .contains(": HTTP 404: the server does not take artifacts")
        .doesNotContain("storing");
    assertThat(Shipping.tag(shipping.run("demo", id), "voxbench.refused_artifacts"))
        .isEqualTo(status().refused().get(0));

    try (TrackingShipper mended = shipping.begin(shipping.server.address(), Map.of())) {
      mended.tellNow(List.of(id));
    }
    assertThat(status().complete()).isTrue();
    assertThat(status().refused()).isEmpty();
    assertThat(status().files().told()).isPositive();
    assertThat(shipping.artifacts(shipping.run("demo", id), "config"))
        .contains("config/experiment.json");
  }
}
