package org.voxbench.workflows.routes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.flywaydb.core.Flyway;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.voxbench.workflows.config.Sweep;

/**
 * Schedules: one route per schedule, fired by Quartz, whose JDBC job store lies in the index.
 * Quartz only says that it is time; it never computes.
 */
public final class ScheduleRoutes {

  private static final String GROUP = "voxbench";
  private static final String STORE = "voxbench";

  private final CamelContext camel;
  private final QuartzComponent quartz;
  private final Consumer<String> fired;

  /**
   * Makes Quartz's tables where they are missing and gives Quartz to a context.
   *
   * @param source the index
   * @param fired told the name of a schedule when it is time
   */
  public ScheduleRoutes(CamelContext camel, DataSource source, Consumer<String> fired) {
    this.camel = camel;
    this.fired = fired;
    Flyway.configure(ScheduleRoutes.class.getClassLoader())
        .dataSource(source)
        .defaultSchema("QUARTZ")
        .createSchemas(true)
        .locations("classpath:db/quartz")
        .load()
        .migrate();
    DBConnectionManager.getInstance().addConnectionProvider(STORE, new Connections(source));
    quartz = new QuartzComponent(camel);
    quartz.setProperties(properties());
    camel.addComponent("quartz", quartz);
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", GROUP);
    properties.setProperty("org.quartz.scheduler.instanceId", "coordinator");
    properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    String store = "org.quartz.jobStore.";
    properties.setProperty(store + "class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        store + "driverDelegateClass", "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    properties.setProperty(store + "tablePrefix", "QUARTZ.QRTZ_");
    properties.setProperty(store + "dataSource", STORE);
    properties.setProperty(store + "misfireThreshold", "60000");
    return properties;
  }

  private record Connections(DataSource source) implements ConnectionProvider {

    @Override
    public Connection getConnection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }

  /** Has Quartz fire; until then it only keeps times. */
  public void start() throws SchedulerException {
    // Camel starts it with the context only, which runs already.
    if (!scheduler().isStarted()) {
      scheduler().start();
    }
  }

  /** Whether Quartz fires. */
  public boolean isStarted() throws SchedulerException {
    return scheduler().isStarted();
  }

  /** Has a schedule fire from now on; one that Quartz knows keeps its next time. */
  public void add(String name, Sweep.Schedule timing) throws Exception {
    boolean once = timing.misfire().equals("once");
    String uri =
        "quartz://"
            + GROUP
            + "/"
            + name
            + "?cron="
            + URLEncoder.encode(timing.cron(), StandardCharsets.UTF_8)
            + "&trigger.timeZone="
            + timing.zone()
            + "&trigger.misfireInstruction="
            + (once ? 1 : 2)
            + "&stateful=true&durableJob=true&recoverableJob=true&deleteJob=false&pauseJob=false";
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from(uri).routeId("schedule-" + name).process(exchange -> fired.accept(name));
          }
        });
  }

  /** Takes a schedule away, here and in the job store. */
  public void remove(String name) throws Exception {
    String route = "schedule-" + name;
    if (camel.getRoute(route) != null) {
      camel.getRouteController().stopRoute(route);
      camel.removeRoute(route);
    }
    scheduler().unscheduleJob(TriggerKey.triggerKey(name, GROUP));
    // Also where its trigger is lost: with the job still there no other could be stored.
    scheduler().deleteJob(JobKey.jobKey(name, GROUP));
  }

  /** The names of all schedules in the job store, also of those that no route was made for. */
  public Set<String> stored() throws SchedulerException {
    Set<String> names = new TreeSet<>();
    for (JobKey key : scheduler().getJobKeys(GroupMatcher.jobGroupEquals(GROUP))) {
      names.add(key.getName());
    }
    return names;
  }

  /** Holds a schedule, or lets it go on. */
  public void hold(String name, boolean paused) throws SchedulerException {
    TriggerKey key = TriggerKey.triggerKey(name, GROUP);
    // Resuming what is not paused could make Quartz take a trigger that is just due for a missed
    // one.
    boolean held = scheduler().getTriggerState(key) == TriggerState.PAUSED;
    if (paused && !held) {
      scheduler().pauseTrigger(key);
    } else if (!paused && held) {
      scheduler().resumeTrigger(key);
    }
  }

  /** When Quartz means to fire next; nothing when it has lost the schedule or given it up. */
  public Optional<Date> next(String name) throws SchedulerException {
    TriggerKey key = TriggerKey.triggerKey(name, GROUP);
    Trigger trigger = scheduler().getTrigger(key);
    if (trigger == null || scheduler().getTriggerState(key) == TriggerState.ERROR) {
      return Optional.empty();
    }
    return Optional.ofNullable(trigger.getNextFireTime());
  }

  /** Whether a schedule has its route. */
  public boolean has(String name) {
    return camel.getRoute("schedule-" + name) != null;
  }

  private Scheduler scheduler() {
    return quartz.getScheduler();
  }
}
