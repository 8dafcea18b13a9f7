package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.StepName;
import org.voxbench.steps.evaluate.CaseScore;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.coordinator.Webhook.Patience;
import org.voxbench.workflows.dashboard.Outputs;
import org.voxbench.workflows.schedule.ScheduleBook;
import org.voxbench.workflows.sweep.SweepBook;
import org.voxbench.workflows.sweep.SweepComparison;
import org.voxbench.workflows.sweep.SweepComparison.Comparison;
import org.voxbench.workflows.sweep.SweepComparison.Verdict;
import org.voxbench.workflows.sweep.SweepRun;

/**
 * Compares each sweep of a schedule with the one before, and raises an alert when it regressed or
 * failed: a line in {@code alerts.jsonl}, a line in the log, and the schedule's webhook.
 */
final class SweepAlerts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SweepAlerts.class);

  private final Home home;
  private final SweepBook book;
  private final InstantSource clock;
  private final Webhook webhook;

  SweepAlerts(Home home, InstantSource clock) {
    this.home = home;
    this.book = new SweepBook(home, clock);
    this.clock = clock;
    this.webhook = new Webhook(home, Patience.DEFAULT);
  }

  /** One alert. */
  record Alert(
      Instant at,
      String schedule,
      String sweep,
      String kind,
      String sentence,
      @Nullable Comparison comparison) {}

  /** Told of every sweep that ended. */
  void ended(SweepRun sweep) {
    String schedule = sweep.order().schedule();
    if (schedule == null) {
      return;
    }
    try {
      Optional<Comparison> comparison = compared(sweep, schedule);
      if (comparison.isPresent()) {
        Path file = book.folder(sweep.id()).resolve("comparison.json");
        AtomicFiles.write(file, Json.MAPPER.writeValueAsBytes(comparison.get()));
        LOG.info("{}", comparison.get().sentence());
        if (comparison.get().verdict() == Verdict.REGRESSED) {
          raise(sweep, schedule, "regressed", comparison.get().sentence(), comparison.get());
        } else if (comparison.get().suspicious()) {
          raise(sweep, schedule, "dropped", comparison.get().sentence(), comparison.get());
        }
      }
      if (sweep.state() == SweepRun.State.FAILED) {
        raise(sweep, schedule, "failed", sweep.id() + ": " + sweep.message(), null);
      }
    } catch (IOException e) {
      LOG.error("sweep {} cannot be compared: {}", sweep.id(), e.getMessage(), e);
    }
  }

  private Optional<Comparison> compared(SweepRun sweep, String schedule) throws IOException {
    return book.all().stream()
        .filter(other -> schedule.equals(other.order().schedule()))
        .filter(other -> other.created().isBefore(sweep.created()))
        .filter(other -> other.state() == SweepRun.State.SUCCEEDED)
        .findFirst()
        .map(before -> SweepComparison.of(before, sweep, this::dice));
  }

  /** The mean Dice of each case of a run over the structures that it has. */
  private Map<String, Double> dice(String run) {
    Map<String, Double> dice = new TreeMap<>();
    try {
      @Nullable Path output =
          Outputs.output(RunFiles.read(home, run).step(StepName.EVALUATE), home);
      if (output != null && Files.exists(output.resolve(Scores.FILE))) {
        for (CaseScore one : Scores.read(output).cases()) {
          one.scores().stream()
              .filter(score -> score.dice() != null)
              .mapToDouble(score -> score.dice())
              .average()
              .ifPresent(mean -> dice.put(one.name(), mean));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("the scores of run {} cannot be read: {}", run, e.getMessage());
    }
    return dice;
  }

  private void raise(
      SweepRun sweep,
      String schedule,
      String kind,
      String sentence,
      @Nullable Comparison comparison)
      throws IOException {
    LOG.warn("ALERT {}: {}", kind, sentence);
    Alert alert = new Alert(clock.instant(), schedule, sweep.id(), kind, sentence, comparison);
    byte[] json = Json.MAPPER.writeValueAsBytes(alert);
    Files.write(
        home.root().resolve("alerts.jsonl"),
        (new String(json, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    ScheduleBook schedules = new ScheduleBook(home);
    if (schedules.has(schedule)) {
      String address = schedules.read(schedule).timing().webhook();
      if (address != null) {
        webhook.send(address, json);
      }
    }
  }

  @Override
  public void close() {
    webhook.close();
  }
}
