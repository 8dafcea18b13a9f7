package org.voxbench.workflows.config;

import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** When a schedule fires, computed without a scheduler. */
public final class Cron {

  private static final String WORDS =
      "seconds minutes hours day-of-month month day-of-week, such as \"0 0 3 ? * SUN\",";

  private Cron() {}

  /**
   * The next moments, the earliest first; fewer than asked for where the schedule ends.
   *
   * @throws IllegalArgumentException when the cron cannot be read
   */
  public static List<Instant> next(Sweep.Schedule timing, Instant after, int count) {
    CronExpression cron = expression(timing);
    List<Instant> moments = new ArrayList<>();
    Date from = Date.from(after);
    while (moments.size() < count) {
      Date next = cron.getNextValidTimeAfter(from);
      Instant end = timing.end();
      if (next == null || (end != null && next.toInstant().isAfter(end))) {
        break;
      }
      moments.add(next.toInstant());
      from = next;
    }
    return moments;
  }

  /**
   * Refuses a schedule that never fires any more.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static void check(Sweep.Schedule timing, Instant now) {
    if (next(timing, now, 1).isEmpty()) {
      throw new IllegalArgumentException(
          "schedule.cron: expected one that fires in the future but found \""
              + timing.cron()
              + "\", which never does"
              + (timing.end() == null ? "" : " before its end at " + timing.end()));
    }
  }

  /**
   * Adds a problem for a cron that cannot be read or never fires, whatever the year.
   *
   * @param path of the cron in {@code tree}
   */
  static void check(LocatedTree tree, TreePath path, List<Problem> problems) {
    String cron = tree.at(path).asText();
    String found = "\"" + cron + "\"";
    try {
      if (new CronExpression(cron).getNextValidTimeAfter(Date.from(Instant.EPOCH)) == null) {
        problems.add(
            new Problem(
                tree.valueAt(path), path.toString(), "one that fires", found, "it never does"));
      }
    } catch (ParseException e) {
      String why = String.valueOf(e.getMessage());
      problems.add(new Problem(tree.valueAt(path), path.toString(), WORDS, found, why));
    }
  }

  private static CronExpression expression(Sweep.Schedule timing) {
    try {
      CronExpression cron = new CronExpression(timing.cron());
      cron.setTimeZone(TimeZone.getTimeZone(timing.zone()));
      return cron;
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          "schedule.cron: expected "
              + WORDS
              + " but found \""
              + timing.cron()
              + "\": "
              + e.getMessage(),
          e);
    }
  }
}
