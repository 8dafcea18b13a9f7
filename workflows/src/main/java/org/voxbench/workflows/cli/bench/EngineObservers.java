package org.voxbench.workflows.cli.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.dashboard.LiveSteps;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.observe.Lineage;
import org.voxbench.workflows.observe.Metrics;
import org.voxbench.workflows.run.RunObservers;
import org.voxbench.workflows.run.Slots;
import org.voxbench.workflows.run.StepCatalogue;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;
import org.voxbench.workflows.web.WebServer.Listen;

/** All who watch the runs of a real coordinator, also the tracking server beside it. */
final class EngineObservers implements AutoCloseable {

  private final RunObservers all = new RunObservers();
  private final WebServer web;
  private final TrackingShipper shipper;
  private final Metrics metrics;
  private final Closeable logs;

  EngineObservers(Ground ground, Slots slots, StepCatalogue steps, InstantSource clock)
      throws IOException {
    Home home = ground.home();
    AccessToken token = AccessToken.of(home.root());
    TrackingApi tracking = new TrackingApi(ground.database(), home.artifacts(), clock);
    web = WebServer.start(Listen.loopback(0), token, List.of(tracking::mount));
    shipper =
        new TrackingShipper(
            home, web.address(), Credentials.bearer(token.value()), new TrackingTarget(Map.of()));
    metrics =
        new Metrics(
            home,
            ground.journal(),
            new Metrics.Sources(slots::table, () -> 0, shipper::backlog),
            clock);
    all.add(new LiveSteps());
    all.add(shipper);
    all.add(metrics.observer());
    all.add(new Lineage(home, steps).observer());
    logs = Logs.keep(home::log);
  }

  RunObservers all() {
    return all;
  }

  /** Has Camel count what passes through its routes. */
  Consumer<CamelContext> watcher() {
    return metrics::watch;
  }

  @Override
  public void close() throws IOException {
    shipper.close();
    web.close();
    logs.close();
  }
}
