package org.voxbench.workflows.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.RunObserver;
import org.voxbench.workflows.shipping.Backlog;

/**
 * The figures of a coordinator. What changes by itself is asked for when somebody looks; what
 * happens is counted when it happens.
 */
public final class Metrics {

  /** The form of {@link #text}: Prometheus' text format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RunJournal journal;
  private final InstantSource clock;
  private final StepTimes steps = new StepTimes(registry);
  private final MultiGauge runs = gauge("voxbench.runs", "Runs by state");
  private final MultiGauge slots = gauge("voxbench.slot.in.use", "1 while a step uses the slot");
  private final MultiGauge backlog =
      gauge("voxbench.tracking.backlog.runs", "Runs that a tracking server was not told of wholly");
  private final MultiGauge heartbeats =
      gauge("voxbench.worker.heartbeat.age.seconds", "Since a worker last showed that it lives");

  /**
   * What is asked when somebody looks.
   *
   * @param slots who uses which slot, empty where nobody does
   * @param queue runs that wait for their turn
   * @param backlog what tracking servers were not told yet
   */
  public record Sources(
      Supplier<Map<String, String>> slots, IntSupplier queue, Supplier<List<Backlog>> backlog) {}

  private final Sources sources;

  public Metrics(Home home, RunJournal journal, Sources sources, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
    this.sources = sources;
    Gauge.builder("voxbench.queue.depth", () -> sources.queue().getAsInt())
        .description("Runs that wait in the queue of this coordinator, or for a slot")
        .register(registry);
    new DiskSpaceMetrics(home.root().toFile(), Tags.of("folder", "home")).bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Has Camel count what passes through its routes; before it has any. */
  public void watch(CamelContext camel) {
    MicrometerRoutePolicyFactory factory = new MicrometerRoutePolicyFactory();
    factory.setMeterRegistry(registry);
    camel.addRoutePolicyFactory(factory);
  }

  /** To be told how runs go. */
  public RunObserver observer() {
    return steps;
  }

  /** All figures as they are now. */
  public String text() {
    Map<RunState, Integer> counts = journal.runs().counts();
    runs.register(
        Arrays.stream(RunState.values())
            .<Row<?>>map(state -> row("state", key(state), counts.getOrDefault(state, 0)))
            .toList(),
        true);
    List<Row<?>> uses = new ArrayList<>();
    sources
        .slots()
        .get()
        .forEach((slot, use) -> uses.add(row("slot", slot, use.isEmpty() ? 0 : 1)));
    slots.register(uses, true);
    backlog.register(
        sources.backlog().get().stream()
            .<Row<?>>map(b -> row("target", b.target(), b.runs()))
            .toList(),
        true);
    heartbeats.register(journal.attempts().open().stream().<Row<?>>map(this::age).toList(), true);
    return registry.scrape();
  }

  private static String key(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Row<Number> row(String tag, String value, Number figure) {
    return Row.of(Tags.of(tag, value), figure);
  }

  private Row<Number> age(Attempt attempt) {
    Tags tags = Tags.of("run", attempt.run(), "step", attempt.step().key());
    Path heartbeat = new AttemptFolder(attempt.folder()).heartbeat();
    double seconds = Double.NaN;
    try {
      Duration age =
          Duration.between(Files.getLastModifiedTime(heartbeat).toInstant(), clock.instant());
      seconds = Math.max(0, age.toMillis() / 1e3);
    } catch (IOException e) {
      // It has not begun to beat.
    }
    return Row.of(tags, seconds);
  }
}
