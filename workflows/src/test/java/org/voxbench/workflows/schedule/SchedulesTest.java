package org.voxbench.workflows.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.config.Cron;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.schedule.Schedules.SweepStarter;
import org.voxbench.workflows.sweep.SweepRun;

/** Schedules on the real Quartz with its tables in H2; coordinators come and go. */
@Timeout(60)
class SchedulesTest {

  /** Once a year, not while this test runs. */
  private static final String YEARLY = "0 0 3 1 1 ?";

  private static final String NAME = "weekly";

  @TempDir private Path folder = Path.of("");
  private final LinkedBlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final JdbcDataSource database = new JdbcDataSource();
  private Instant now = InstantSource.system().instant();
  private Optional<SweepRun> goingOn = Optional.empty();
  private @Nullable CamelContext camel;
  private @Nullable Schedules schedules;

  @BeforeEach
  void database() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  private ScheduleBook book() {
    return new ScheduleBook(new Home(folder).prepared());
  }

  private void add(String misfire, String overlap, @Nullable Instant end) throws IOException {
    Sweep.Schedule timing =
        new Sweep.Schedule(YEARLY, ZoneId.of("Europe/Berlin"), misfire, overlap, end, null);
    book()
        .save(
            new Schedule(NAME, Path.of("/s.yaml"), List.of(), Map.of(), timing, false, false, now));
  }

  private Schedules boot() throws Exception {
    stop();
    DefaultCamelContext context = new DefaultCamelContext();
    context.getCamelContextExtension().setName("voxbench");
    context.start();
    camel = context;
    SweepStarter starter =
        new SweepStarter() {
          @Override
          public String begin(Schedule schedule) {
            begun.add(schedule.name());
            return "s-" + begun.size();
          }

          @Override
          public Optional<SweepRun> goingOn(String schedule) {
            return goingOn;
          }
        };
    Schedules started = new Schedules(context, database, book(), starter, () -> now);
    schedules = started;
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    if (schedules != null) {
      schedules.close();
    }
    if (camel != null) {
      camel.stop();
    }
  }

  /** One column of the trigger in Quartz's table; nothing when the trigger is not there. */
  private Optional<String> stored(String column) {
    return Jdbi.create(database)
        .withHandle(
            h ->
                h.createQuery("select " + column + " from quartz.qrtz_triggers")
                    .mapTo(String.class)
                    .findOne());
  }

  private void store(String column, Object value) {
    Jdbi.create(database)
        .useHandle(h -> h.execute("update quartz.qrtz_triggers set " + column + " = ?", value));
  }

  private Instant next() {
    return Instant.ofEpochMilli(Long.parseLong(stored("next_fire_time").orElseThrow()));
  }

  private Instant due() {
    try {
      return Cron.next(book().read(NAME).timing(), now, 1).get(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** As if no coordinator had been there for three hours, in which one time came. */
  private void missOne() throws Exception {
    boot();
    stop();
    store("next_fire_time", now.minus(Duration.ofHours(3)).toEpochMilli());
  }

  @Test
  void aTimeThatCameWhileNobodyServedIsMadeGoodOnce() throws Exception {
    add("once", "skip", null);
    missOne();

    boot();

    assertThat(begun.poll(30, TimeUnit.SECONDS)).isEqualTo(NAME);
    assertThat(next()).isEqualTo(due());
    assertThat(begun).isEmpty();
  }

  @Test
  void aTimeThatCameWhileNobodyServedIsLeftOutWhereTheScheduleSaysSo() throws Exception {
    add("skip", "skip", null);
    missOne();

    boot();

    assertThat(next()).isEqualTo(due());
    assertThat(begun).isEmpty();
  }

  @Test
  void aRestartKeepsTheNextTimeThatWasStored() throws Exception {
    add("once", "skip", null);
    boot();
    assertThat(next()).isEqualTo(due());
    stop();
    Instant soon = now.plus(Duration.ofHours(1)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    store("next_fire_time", soon.toEpochMilli());

    boot();

    assertThat(next()).isEqualTo(soon);
  }

  @Test
  void aScheduleThatWasRemovedWhileNobodyServedLeavesNothingBehind() throws Exception {
    add("once", "skip", null);
    missOne();
    book().remove(NAME);

    boot();

    assertThat(stored("trigger_state")).isEmpty();
    assertThat(begun).isEmpty();
  }

  @Test
  void theWatchdogArmsATriggerAgainThatQuartzHasGivenUp() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    store("trigger_state", "ERROR");

    running.look();

    assertThat(stored("trigger_state")).contains("WAITING");
    assertThat(next()).isEqualTo(due());
  }

  @Test
  void theWatchdogArmsATriggerAgainThatIsGone() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    Jdbi.create(database)
        .useHandle(
            h -> {
              h.execute("delete from quartz.qrtz_cron_triggers");
              h.execute("delete from quartz.qrtz_triggers");
            });

    running.look();

    assertThat(next()).isEqualTo(due());
  }

  @Test
  void aClockThatWasAheadAndIsSetBackDoesNotSilenceASchedule() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    store("next_fire_time", now.plus(Duration.ofDays(3650)).toEpochMilli());

    running.look();

    assertThat(next()).isEqualTo(due());
    assertThat(begun).isEmpty();
  }

  @Test
  void aClockThatJumpsBackFiresNothingTwice() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    Instant armed = next();

    now = now.minus(Duration.ofHours(5));
    running.look();

    assertThat(next()).isEqualTo(armed);
    assertThat(begun).isEmpty();
  }

  @Test
  void aPausedScheduleIsHeldByQuartzAlsoAfterARestart() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    book().hold(NAME, true);
    running.sync();
    assertThat(stored("trigger_state")).contains("PAUSED");

    running = boot();
    assertThat(stored("trigger_state")).contains("PAUSED");

    book().hold(NAME, false);
    running.sync();
    assertThat(stored("trigger_state")).contains("WAITING");
  }

  @Test
  void aNewTimingReplacesTheOld() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    Instant before = next();
    Schedule old = book().read(NAME);
    Sweep.Schedule timing =
        new Sweep.Schedule("0 0 5 2 1 ?", ZoneId.of("Asia/Tokyo"), "once", "skip", null, null);
    book()
        .save(
            new Schedule(
                NAME, old.file(), List.of(), Map.of(), timing, false, false, old.created()));

    running.sync();

    assertThat(next()).isNotEqualTo(before).isEqualTo(due());
  }

  @Test
  void aSweepThatGoesOnHasTheNextOneSkipped() throws Exception {
    add("once", "skip", null);
    Schedules running = boot();
    goingOn = Optional.of(sweep());

    assertThat(running.trigger(NAME)).isEmpty();
    goingOn = Optional.empty();
    running.ended(sweep());

    assertThat(begun).isEmpty();
  }

  @Test
  void aSweepThatGoesOnHasTheNextOneQueuedOnceHoweverOftenItIsTime() throws Exception {
    add("once", "queue", null);
    Schedules running = boot();
    goingOn = Optional.of(sweep());

    assertThat(running.trigger(NAME)).isEmpty();
    assertThat(running.trigger(NAME)).isEmpty();
    goingOn = Optional.empty();
    running.ended(sweep());
    running.ended(sweep());

    assertThat(begun).containsExactly(NAME);
  }

  @Test
  void aQueuedSweepFollowsAlsoWhenNobodySawTheEndOfTheOneBefore() throws Exception {
    add("once", "queue", null);
    Schedules running = boot();
    goingOn = Optional.of(sweep());
    running.trigger(NAME);
    goingOn = Optional.empty();

    boot();

    assertThat(begun).containsExactly(NAME);
    assertThat(book().read(NAME).queued()).isFalse();
  }

  @Test
  void nothingIsBegunAfterTheEnd() throws Exception {
    add("once", "skip", now.minusSeconds(1));
    Schedules running = boot();

    running.fire(NAME);

    assertThat(begun).isEmpty();
    assertThat(running.trigger(NAME)).as("asked for by hand").isPresent();
  }

  private static SweepRun sweep() {
    SweepRun.Order order = new SweepRun.Order(true, 1, 0, null, null, NAME);
    return new SweepRun(
        "s-0", "s", SweepRun.State.RUNNING, Instant.EPOCH, null, null, order, List.of());
  }
}
