package org.voxbench.workflows.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.impl.calendar.BaseCalendar;
import org.quartz.spi.OperableTrigger;
import org.voxbench.workflows.config.Cron;
import org.voxbench.workflows.config.Sweep;

/** Schedules on the days on which clocks are put forward and back. */
class DaylightSavingTest {

  private static Sweep.Schedule at(String cron, String zone) {
    return new Sweep.Schedule(cron, ZoneId.of(zone), "once", "skip", null, null);
  }

  private static List<Instant> day(String cron, String zone, String day) {
    Instant midnight = LocalDate.parse(day).atStartOfDay(ZoneId.of(zone)).toInstant();
    Instant next = LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneId.of(zone)).toInstant();
    return Cron.next(at(cron, zone), midnight.minusSeconds(1), 60).stream()
        .filter(moment -> moment.isBefore(next))
        .toList();
  }

  /** Where an hour comes twice, the second one counts; where it is left out, so is its time. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-10-25, 0 30 2 * * ?, 2026-10-25T01:30:00Z",
    "Europe/Berlin, 2027-10-31, 0 30 2 * * ?, 2027-10-31T01:30:00Z",
    "Europe/Berlin, 2026-10-25, 0 30 1 * * ?, 2026-10-24T23:30:00Z",
    "Europe/Berlin, 2026-10-25, 0 0 3 ? * SUN, 2026-10-25T02:00:00Z",
    "America/New_York, 2026-11-01, 0 30 1 * * ?, 2026-11-01T06:30:00Z",
    "America/New_York, 2026-11-01, 0 30 2 * * ?, 2026-11-01T07:30:00Z",
    "Europe/Berlin, 2027-03-28, 0 30 2 * * ?,",
    "Europe/Berlin, 2027-03-28, 0 30 1 * * ?, 2027-03-28T00:30:00Z",
    "Europe/Berlin, 2027-03-28, 0 0 3 ? * SUN, 2027-03-28T01:00:00Z",
    "America/New_York, 2027-03-14, 0 30 2 * * ?,",
    "America/New_York, 2027-03-14, 0 0 3 ? * SUN, 2027-03-14T07:00:00Z"
  })
  void aTimeOfDayComesOnceOnALongDayAndNotAtAllWhereItIsLeftOut(
      String zone, String day, String cron, @Nullable Instant moment) {
    assertThat(day(cron, zone, day)).isEqualTo(moment == null ? List.of() : List.of(moment));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-10-25, 24",
    "America/New_York, 2026-11-01, 24",
    "Europe/Berlin, 2027-03-28, 23",
    "America/New_York, 2027-03-14, 23",
    "Europe/Berlin, 2027-03-29, 24"
  })
  void everyHourOfTheClockComesOnce(String zone, String day, int hours) {
    assertThat(day("0 0 * * * ?", zone, day)).hasSize(hours);
  }

  private static List<Instant> fired(String cron, String zone, Instant from, int count) {
    OperableTrigger trigger =
        (OperableTrigger)
            TriggerBuilder.newTrigger()
                .startAt(Date.from(from))
                .withSchedule(
                    CronScheduleBuilder.cronSchedule(cron)
                        .inTimeZone(TimeZone.getTimeZone(ZoneId.of(zone))))
                .build();
    List<Instant> fired = new ArrayList<>();
    trigger.computeFirstFireTime(new BaseCalendar());
    while (fired.size() < count) {
      fired.add(trigger.getNextFireTime().toInstant());
      trigger.triggered(new BaseCalendar());
    }
    return fired;
  }

  @Property(tries = 200)
  void nextTellsWhatQuartzFires(
      @ForAll @IntRange(min = 0, max = 59) int minute,
      @ForAll @IntRange(min = 0, max = 23) int hour,
      @ForAll @IntRange(min = 0, max = 364) int day,
      @ForAll boolean berlin) {
    String zone = berlin ? "Europe/Berlin" : "America/New_York";
    String cron = "0 " + minute + " " + hour + " * * ?";
    Instant from = Instant.parse("2026-06-01T00:00:00Z").plus(Duration.ofDays(day));
    assertThat(Cron.next(at(cron, zone), from.minusMillis(1), 20))
        .isEqualTo(fired(cron, zone, from, 20));
  }
}
