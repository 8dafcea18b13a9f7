package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.tracking.transfer.Transfer;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.coordinator.CoordinatorAddress;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;
import org.voxbench.workflows.web.WebServer.Listen;

/**
 * The embedded tracking server of a home folder: that of the coordinator at work there, else one
 * opened for as long as a command needs it, on a free port of this machine alone.
 */
final class EmbeddedTracking implements AutoCloseable {

  private final URI address;
  private final AccessToken token;
  private final Optional<WebServer> web;
  private final Optional<Ground> ground;

  private EmbeddedTracking(
      URI address, AccessToken token, Optional<WebServer> web, Optional<Ground> ground) {
    this.address = address;
    this.token = token;
    this.web = web;
    this.ground = ground;
  }

  static EmbeddedTracking of(Home home) throws IOException {
    AccessToken token = AccessToken.of(home.root());
    Optional<CoordinatorAddress> known = CoordinatorAddress.of(home);
    if (known.isPresent() && Coordinators.isServed(home)) {
      return new EmbeddedTracking(known.get().address(), token, Optional.empty(), Optional.empty());
    }
    Ground ground = Ground.take(home);
    try {
      TrackingApi api =
          new TrackingApi(ground.database(), home.artifacts(), InstantSource.system());
      WebServer web = WebServer.start(Listen.loopback(0), token, List.of(api::mount));
      return new EmbeddedTracking(web.address(), token, Optional.of(web), Optional.of(ground));
    } catch (RuntimeException failed) {
      ground.close();
      throw failed;
    }
  }

  Transfer.Side side() {
    return new Transfer.Side(address, Credentials.bearer(token.value()));
  }

  @Override
  public void close() throws IOException {
    web.ifPresent(WebServer::close);
    if (ground.isPresent()) {
      ground.get().close();
    }
  }
}
