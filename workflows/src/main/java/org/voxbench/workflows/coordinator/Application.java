package org.voxbench.workflows.coordinator;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.server.TrackingApi;
import org.voxbench.ui.Dashboard;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.config.Retries;
import org.voxbench.workflows.dashboard.JournalRunFeed;
import org.voxbench.workflows.dashboard.LiveSteps;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.observe.Health;
import org.voxbench.workflows.observe.Lineage;
import org.voxbench.workflows.observe.Metrics;
import org.voxbench.workflows.routes.Routes;
import org.voxbench.workflows.run.DiskGuard;
import org.voxbench.workflows.run.LivingWorkers;
import org.voxbench.workflows.run.ProcessExecutor;
import org.voxbench.workflows.run.Recovery;
import org.voxbench.workflows.run.Recovery.Found;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.RunObservers;
import org.voxbench.workflows.run.Slots;
import org.voxbench.workflows.run.StepRunner;
import org.voxbench.workflows.run.Stops;
import org.voxbench.workflows.run.Tidying;
import org.voxbench.workflows.run.Workshop;
import org.voxbench.workflows.schedule.ScheduleBook;
import org.voxbench.workflows.schedule.Schedules;
import org.voxbench.workflows.shipping.TrackingShipper;
import org.voxbench.workflows.shipping.TrackingTarget;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepRun;
import org.voxbench.workflows.sweep.SweepWork;
import org.voxbench.workflows.web.AccessToken;
import org.voxbench.workflows.web.WebServer;
import org.voxbench.workflows.web.WebServer.Listen;

/**
 * A coordinator, put together in one place and read from top to bottom. One lives in {@code run},
 * {@code resume} and {@code serve}, at most one per home folder.
 */
public final class Application implements Coordinator, AutoCloseable {

  private static final Retries RETRIES = new Retries(2, 1, 300);
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** Runs that are routed at a time; which of them compute is for the slots to say. */
  private static final int ROUTED = 64;

  private final InstantSource clock = InstantSource.system();
  private final Ground ground;
  private final Home home;
  private final RunJournal journal;
  private final Closeable logs;
  private final RunObservers observers = new RunObservers();
  private final Tidying tidying = new Tidying();
  private final Stops stops;
  private final Slots slots;
  private final Found found;
  private final WebServer web;
  private final TrackingTarget targets = new TrackingTarget(System.getenv());
  private final TrackingShipper shipper;
  private final Routes routes;
  private final Desk desk;
  private final SweepWork sweeps;
  private final SweepAlerts alerts;
  private final Schedules schedules;

  private Application(Ground ground, Closeable logs, Settings settings) throws IOException {
    this.ground = ground;
    this.logs = logs;
    home = ground.home();
    journal = ground.journal();
    stops = new Stops(settings.stop());
    ProcessExecutor executor = new ProcessExecutor(settings.worker(), home.natives(), stops, GRACE);
    LivingWorkers workers = new LivingWorkers(journal, executor, clock);
    found = new Recovery(home, journal, workers, clock).recover();
    desk = new Desk(home, journal, observers, targets, clock, tidying);
    LiveSteps live = new LiveSteps();
    observers.add(live);
    ObserveApi observe = new ObserveApi();
    web = serve(settings.listen(), new JournalRunFeed(home, journal, live), observe);
    Credentials own = Credentials.bearer(AccessToken.of(home.root()).value());
    shipper = new TrackingShipper(home, web.address(), own, targets);
    observers.add(shipper);
    slots =
        new Slots(journal.slots(), stops, settings.capacity(), workers::worksIn, desk::priority);
    Metrics metrics = metrics();
    observers.add(metrics.observer());
    observers.add(new Lineage(home, Steps.all(home.natives())).observer());
    RunLifecycle lifecycle =
        new RunLifecycle(home, journal, observers, clock, stops, settings.atShutdown());
    StepRunner runner = runner(new Workshop(executor, stops, slots, clock, tidying));
    sweeps = new SweepWork(new SweepBook(home, clock), journal, new SweepDesk(desk, stops), clock);
    routes = Routes.start(runner, lifecycle, RETRIES, ROUTED, sweeps, metrics::watch);
    ScheduledSweeps scheduled = new ScheduledSweeps(new SweepBook(home, clock), this::beginSweep);
    schedules =
        new Schedules(routes.camel(), ground.database(), new ScheduleBook(home), scheduled, clock);
    alerts = new SweepAlerts(home, clock);
    sweeps.onFinish(alerts::ended);
    sweeps.onFinish(schedules::ended);
    observe.begin(metrics, new Health(routes.camel(), new Looks(this).all()));
    announce(home, web.address());
  }

  private WebServer serve(Listen listen, JournalRunFeed feed, ObserveApi observe)
      throws IOException {
    TrackingApi tracking = new TrackingApi(ground.database(), home.artifacts(), clock);
    KeepApi keep = new KeepApi(new Keeper(home, journal, tidying, clock));
    return WebServer.start(
        listen,
        AccessToken.of(home.root()),
        List.of(
            tracking::mount,
            new Dashboard(feed, clock)::mount,
            new RunApi(this)::mount,
            new SweepApi(this)::mount,
            new ShippingApi(this, tracking)::mount,
            keep::mount,
            observe::mount));
  }

  private Metrics metrics() {
    IntSupplier waiting = () -> routes.waiting() + slots.waiting();
    return new Metrics(
        home, journal, new Metrics.Sources(slots::table, waiting, shipper::backlog), clock);
  }

  private StepRunner runner(Workshop workshop) {
    return new StepRunner(home, journal, Steps.all(home.natives()), workshop, observers);
  }

  private static void announce(Home home, URI address) throws IOException {
    CoordinatorAddress here = new CoordinatorAddress(address, ProcessHandle.current().pid());
    AtomicFiles.write(home.coordinator(), Json.MAPPER.writeValueAsBytes(here));
  }

  /**
   * Opens the coordinator of a home folder.
   *
   * @param home prepared
   * @throws HomeInUseException when another process holds the home folder
   * @throws DamagedIndexException when its index cannot be read
   */
  public static Application open(Home home, Settings settings) throws IOException {
    Ground ground = Ground.take(home);
    Closeable logs = Logs.keep(home::log);
    DiskGuard.of(home).setAside();
    try {
      return new Application(ground, logs, settings);
    } catch (IOException | RuntimeException e) {
      logs.close();
      ground.close();
      throw e;
    }
  }

  public RunObservers observers() {
    return observers;
  }

  /** Where a browser on another machine finds it; nothing where none can. */
  public Optional<String> addressFromElsewhere() throws IOException {
    return web.addressFromElsewhere();
  }

  RunJournal journal() {
    return journal;
  }

  Home home() {
    return home;
  }

  TrackingShipper shipper() {
    return shipper;
  }

  Slots slots() {
    return slots;
  }

  /** What an earlier coordinator had left open. */
  public Found found() {
    return found;
  }

  /** The address of the dashboard. */
  public URI address() {
    return web.address();
  }

  /** The page of a run. */
  public URI address(String id) {
    return web.address().resolve("/runs/" + id);
  }

  @Override
  public String submit(Order order) throws IOException {
    return desk.submit(order);
  }

  @Override
  public String resume(String id) throws IOException {
    String resumed = desk.resume(id);
    // A wish to stop that came when the run was just ending is none for its next time.
    stops.done(resumed);
    return resumed;
  }

  @Override
  public String stop(String id, Stops.Why why) throws IOException {
    Run run = RunFiles.read(home, id);
    if (run.state() != RunState.RUNNING) {
      return desk.stop(id, why);
    }
    stops.ask(id, why);
    return id;
  }

  /** Works on a queued run until it ends. */
  public Run work(String id) {
    routes.work(id);
    return journal
        .find(id)
        .orElseThrow(
            () ->
                new PermanentStepException(
                    "the folder of run " + id + " was deleted while it was worked on"));
  }

  /** Leaves a queued run to be worked on when its turn comes. */
  void enqueue(String id) {
    routes.enqueue(id, desk.priority(id));
  }

  /** Works on a sweep until it ends or everything stops. */
  public SweepRun sweep(String id) {
    routes.sweep(id);
    return sweeps.find(id);
  }

  /** Begins to work on a sweep and returns. */
  void beginSweep(String id) {
    routes.begin(id);
  }

  /** Ends a sweep and the runs of its cells that have not ended. */
  public void cancelSweep(String id) throws IOException {
    for (SweepRun.Cell cell : sweeps.cancel(id).cells()) {
      String run = cell.run();
      if (run != null && journal.find(run).filter(r -> !r.state().ended()).isPresent()) {
        stop(run, Stops.Why.CANCEL);
      }
    }
  }

  /** Takes all that waits in the home folder into the queue, and goes on with open sweeps. */
  public void enqueueWaiting() throws IOException {
    OpenWork open = OpenWork.of(home, journal, clock);
    open.sweeps().forEach(this::beginSweep);
    for (String run : open.runs()) {
      enqueue(run);
    }
  }

  /** The schedules, which only a serving coordinator starts. */
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public void close() throws IOException {
    schedules.close();
    routes.close();
    shipper.close();
    alerts.close();
    web.close();
    Files.deleteIfExists(home.coordinator());
    logs.close();
    ground.close();
  }
}
