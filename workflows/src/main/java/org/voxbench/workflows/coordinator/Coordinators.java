package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.run.RunObserver;
import org.voxbench.workflows.shipping.TrackingTarget;

/** Finds who takes a command: the coordinator of the home folder, or else this process itself. */
public final class Coordinators {

  private static final RunObserver NOBODY = new RunObserver() {};

  private Coordinators() {}

  /** Has a demand met; gives the id of the run. */
  public static String meet(Home home, Coordinator.Demand demand) throws IOException {
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(home);
    if (coordinator.isPresent()) {
      return demand.queue(coordinator.get());
    }
    try (Ground ground = Ground.take(home.prepared())) {
      return demand.queue(
          new Desk(
              home,
              ground.journal(),
              NOBODY,
              new TrackingTarget(System.getenv()),
              InstantSource.system()));
    }
  }

  /** Whether a coordinator is at work on the home folder. */
  public static boolean isServed(Home home) throws IOException {
    return RemoteCoordinator.answering(home).isPresent();
  }
}
