package org.voxbench.workflows.cli.sweep;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.config.Cron;
import org.voxbench.workflows.config.Sweep;
import org.voxbench.workflows.config.SweepFile;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.coordinator.ScheduledSweeps;
import org.voxbench.workflows.coordinator.Steps;
import org.voxbench.workflows.coordinator.WebhookKey;
import org.voxbench.workflows.schedule.Schedule;
import org.voxbench.workflows.schedule.ScheduleBook;
import org.voxbench.workflows.sweep.SweepBook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Schedules of sweeps. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = {
      "Repeats sweeps by cron. A serving coordinator fires them; a time that nobody could fire is"
          + " made good or skipped as the schedule says."
    })
public final class ScheduleCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "schedule: expected one of " + String.join(", ", spec.subcommands().keySet()));
  }

  private static final InstantSource CLOCK = InstantSource.system();

  /** Adds the schedule that stands in a sweep's file. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Adds the schedule of a sweep's file, or replaces it.")
  void add(
      @Parameters(paramLabel = "FILE", description = "a sweep with schedule:") Path file,
      @Option(names = "--name", description = "its name (default: the sweep's)")
          @Nullable String name,
      @Option(names = "--set", paramLabel = "PATH=VALUE", description = "as for sweep run")
          @Nullable List<String> overrides,
      @Option(names = "--data", paramLabel = "NAME=FOLDER", description = "as for sweep run")
          @Nullable Map<String, Path> data,
      @Mixin HomeOption at)
      throws Exception {
    List<String> set = overrides == null ? List.of() : overrides;
    Map<String, Path> folders = data == null ? Map.of() : data;
    Sweep sweep = new SweepFile(Steps.all(Path.of("")).requestTypes()).read(file, set, folders);
    Sweep.Schedule timing =
        sweep
            .schedule()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        file
                            + ": expected schedule: with a cron but found none. Write for example"
                            + " schedule: {cron: \"0 0 3 ? * SUN\", zone: Europe/Berlin}"));
    Instant now = CLOCK.instant();
    Cron.check(timing, now);
    Home folder = at.home().prepared();
    Schedule schedule =
        new Schedule(
            name == null ? sweep.name() : name,
            file.toAbsolutePath().normalize(),
            set,
            folders,
            timing,
            false,
            false,
            now);
    new ScheduleBook(folder).save(schedule);
    told(folder);
    say(
        "schedule "
            + schedule.name()
            + ": next "
            + Cron.next(timing, now, 1).get(0)
            + served(folder));
    if (timing.webhook() != null) {
      say("alerts to " + timing.webhook() + " are signed with " + WebhookKey.of(folder).file());
    }
  }

  /** Lists the schedules. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the schedules with their next time.")
  void list(
      @Option(names = "--json", description = "print a JSON array instead") boolean json,
      @Mixin HomeOption at)
      throws Exception {
    List<Schedule> schedules = new ScheduleBook(at.home()).all();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      say(Json.MAPPER.writeValueAsString(schedules));
      return;
    }
    if (schedules.isEmpty()) {
      say("no schedule yet: add one with voxbench schedule add FILE");
      return;
    }
    out.printf("%-24s%-8s%-22s%-24s%s%n", "schedule", "state", "next", "cron", "zone");
    for (Schedule schedule : schedules) {
      List<Instant> next = Cron.next(schedule.timing(), CLOCK.instant(), 1);
      out.printf(
          "%-24s%-8s%-22s%-24s%s%n",
          schedule.name(),
          schedule.paused() ? "paused" : next.isEmpty() ? "over" : "active",
          schedule.paused() || next.isEmpty() ? "-" : next.get(0),
          schedule.timing().cron(),
          schedule.timing().zone());
    }
    out.flush();
  }

  /** Removes a schedule. */
  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a schedule.")
  void remove(@Parameters(paramLabel = "NAME") String name, @Mixin HomeOption at) throws Exception {
    new ScheduleBook(at.home()).remove(name);
    told(at.home());
    say("schedule " + name + ": removed; its sweeps stay");
  }

  /** Holds a schedule. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Holds a schedule until it is resumed.")
  void pause(@Parameters(paramLabel = "NAME") String name, @Mixin HomeOption at) throws Exception {
    new ScheduleBook(at.home()).hold(name, true);
    told(at.home());
    say("schedule " + name + ": paused");
  }

  /** Lets a schedule go on. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Lets a paused schedule go on.")
  void resume(@Parameters(paramLabel = "NAME") String name, @Mixin HomeOption at) throws Exception {
    new ScheduleBook(at.home()).hold(name, false);
    told(at.home());
    say("schedule " + name + ": active" + served(at.home()));
  }

  /** Fires a schedule now. */
  @Command(
      name = "trigger",
      mixinStandardHelpOptions = true,
      description = "Begins the sweep of a schedule now.")
  void trigger(@Parameters(paramLabel = "NAME") String name, @Mixin HomeOption at)
      throws Exception {
    Home folder = at.home();
    Schedule schedule = new ScheduleBook(folder).read(name);
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(folder);
    String sweep;
    if (coordinator.isPresent()) {
      sweep =
          coordinator
              .get()
              .change("POST", "/api/schedules/" + name + "/trigger", new byte[0])
              .path("sweep")
              .asText();
    } else {
      SweepBook book = new SweepBook(folder, CLOCK);
      sweep = new ScheduledSweeps(book, id -> {}).begin(schedule);
    }
    say(
        sweep.isEmpty()
            ? "schedule " + name + ": its last sweep still goes on; see voxbench sweep list"
            : "schedule " + name + ": sweep " + sweep + served(folder));
  }

  /** Shows when a schedule fires next. */
  @Command(
      name = "next",
      mixinStandardHelpOptions = true,
      description = "Shows the next times of a schedule.")
  void next(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "-n", paramLabel = "N", defaultValue = "5", description = "how many") int n,
      @Mixin HomeOption at)
      throws Exception {
    Schedule schedule = new ScheduleBook(at.home()).read(name);
    Cron.next(schedule.timing(), CLOCK.instant(), n)
        .forEach(moment -> say(moment.atZone(schedule.timing().zone()).toString()));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private static String served(Home home) throws java.io.IOException {
    return Coordinators.isServed(home) ? "" : "; start voxbench serve, which works on it";
  }

  /** Has the coordinator that serves look at the files again. */
  private static void told(Home home) throws java.io.IOException {
    Optional<RemoteCoordinator> coordinator = RemoteCoordinator.answering(home);
    if (coordinator.isPresent()) {
      coordinator.get().change("POST", "/api/schedules/sync", new byte[0]);
    }
  }
}
