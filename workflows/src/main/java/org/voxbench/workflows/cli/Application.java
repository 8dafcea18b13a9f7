package org.voxbench.workflows.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.Tracker;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.ui.Dashboard;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Experiment;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.routes.FailureRoutes.Retries;
import org.voxbench.workflows.routes.Routes;
import org.voxbench.workflows.run.FrozenExperiment;
import org.voxbench.workflows.run.ProcessExecutor;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.RunObservers;
import org.voxbench.workflows.run.StepRunner;
import org.voxbench.workflows.run.TrackingShipper;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;
import org.voxbench.workflows.web.WebServer.Listen;

/**
 * A coordinator, put together in one place and read from top to bottom. One lives in {@code run},
 * {@code resume} and {@code serve}, at most one per home folder.
 */
final class Application implements Coordinator, AutoCloseable {

  private static final Retries RETRIES = new Retries(2, 1_000);
  private static final Duration TRACKING_DEADLINE = Duration.ofSeconds(20);

  private final Home home;
  private final InstantSource clock = InstantSource.system();
  private final CoordinatorLock lock;
  private final HikariDataSource database;
  private final RunJournal journal;
  private final RunObservers observers = new RunObservers();
  private final WebServer web;
  private final TrackingShipper shipper;
  private final Routes routes;

  private Application(Home home, CoordinatorLock lock, Listen listen, Interruption stop)
      throws IOException {
    this.home = home;
    this.lock = lock;
    database = database(home);
    journal = new RunJournal(database, home::run);
    RunLifecycle lifecycle = new RunLifecycle(home, journal, observers, clock);
    lifecycle.recover();
    LiveSteps live = new LiveSteps();
    observers.add(live);
    TrackingApi tracking = new TrackingApi(database, home.artifacts(), clock);
    Dashboard dashboard = new Dashboard(new JournalRunFeed(home, journal, live), clock);
    RunApi runs = new RunApi(this);
    AccessToken token = AccessToken.of(home.root());
    web = WebServer.start(listen, token, List.of(tracking::mount, dashboard::mount, runs::mount));
    Tracker tracker =
        new Tracker(web.address(), Credentials.bearer(token.value()), TRACKING_DEADLINE);
    shipper = new TrackingShipper(home, journal, tracker);
    observers.add(shipper);
    ProcessExecutor executor = new ProcessExecutor(Main.class.getName(), home.natives(), stop);
    StepRunner runner =
        new StepRunner(home, journal, Steps.all(home.natives()), executor, observers);
    routes = Routes.start(runner, lifecycle, RETRIES);
    AtomicFiles.write(
        home.coordinator(),
        Json.MAPPER.writeValueAsBytes(new CoordinatorAddress(web.address(), pid())));
  }

  /**
   * Opens the coordinator of a home folder.
   *
   * @param home prepared
   * @param listen where the dashboard is served
   * @param stop passed on to the workers
   * @throws HomeInUseException when another process holds the home folder
   */
  static Application open(Home home, Listen listen, Interruption stop) throws IOException {
    CoordinatorLock lock =
        CoordinatorLock.tryTake(home).orElseThrow(() -> new HomeInUseException(home));
    try {
      return new Application(home, lock, listen, stop);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static HikariDataSource database(Home home) {
    HikariConfig config = new HikariConfig();
    // No server, no console: the file belongs to this process alone.
    config.setJdbcUrl("jdbc:h2:file:" + home.index() + ";DB_CLOSE_ON_EXIT=FALSE");
    config.setMaximumPoolSize(8);
    config.setPoolName("index");
    return new HikariDataSource(config);
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  RunObservers observers() {
    return observers;
  }

  /** Whether only this machine can reach the dashboard. */
  boolean isLoopback() {
    return web.isLoopback();
  }

  /** The address of the dashboard. */
  URI address() {
    return web.address();
  }

  /** The page of a run. */
  URI address(String id) {
    return web.address().resolve("/runs/" + id);
  }

  @Override
  public String submit(Experiment experiment, Path source) throws IOException {
    String id = home.claimRunId(experiment.name());
    FrozenExperiment.of(experiment).write(home.run(id));
    Files.copy(
        source, home.run(id).resolve("experiment.yaml"), StandardCopyOption.REPLACE_EXISTING);
    observers.changed(journal.save(Run.queued(id, experiment.name(), clock.instant())));
    return id;
  }

  @Override
  public String resume(String id) throws IOException {
    Run run = RunFiles.read(home, id);
    if (!run.state().ended()) {
      throw new IllegalArgumentException("run " + id + " is being worked on already");
    }
    observers.changed(journal.save(run.requeued()));
    return id;
  }

  /** Works on a queued run until it ends. */
  Run work(String id) {
    routes.work(id);
    return journal.find(id).orElseThrow();
  }

  /** Leaves a queued run to be worked on when its turn comes. */
  void enqueue(String id) {
    routes.enqueue(id);
  }

  @Override
  public void close() throws IOException {
    routes.close();
    shipper.close();
    web.close();
    database.close();
    Files.deleteIfExists(home.coordinator());
    lock.close();
  }
}
