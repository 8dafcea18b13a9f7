package org.voxbench.workflows.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.Result;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Whether a coordinator lives and is ready for work, by Camel's health checks: its own for context
 * and routes, and those that are added here.
 */
public final class Health {

  private final CamelContext camel;

  /**
   * One thing that is looked at.
   *
   * @param name such as {@code database}
   * @param status {@code UP} or {@code DOWN}
   * @param message what was seen, in words
   */
  public record Check(String name, String status, String message) {}

  /** All of them; {@code status} is that of the worst. */
  public record Verdict(String status, List<Check> checks) {

    /** Whether nothing is wrong. */
    public boolean up() {
      return status.equals(HealthCheck.State.UP.name());
    }
  }

  /** Looks at one thing. */
  @FunctionalInterface
  public interface Look {

    /**
     * Says what it saw.
     *
     * @throws Exception when it is out of order; the message says how
     */
    String look() throws Exception;
  }

  /**
   * Takes Camel's checks into use.
   *
   * @param looks further ones, by name
   */
  public Health(CamelContext camel, Map<String, Look> looks) {
    this.camel = camel;
    HealthCheckRegistry registry = new DefaultHealthCheckRegistry(camel);
    for (String known : List.of("context", "routes")) {
      Object check = registry.resolveById(known);
      if (check != null) {
        registry.register(check);
      }
    }
    new TreeMap<>(looks).forEach((name, look) -> registry.register(new Probe(name, look)));
    camel.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
  }

  /** Whether it lives at all; a restart is what helps where it does not. */
  public Verdict live() {
    return verdict(HealthCheckHelper.invokeLiveness(camel, "full"));
  }

  /** Whether it can work. */
  public Verdict ready() {
    return verdict(HealthCheckHelper.invokeReadiness(camel, "full"));
  }

  private static Verdict verdict(Collection<Result> results) {
    List<Check> checks = new ArrayList<>();
    for (Result result : results) {
      HealthCheck check = result.getCheck();
      boolean route = "camel".equals(check.getGroup()) && check.getId().startsWith("route:");
      // A hundred routes that are up are one line.
      if (!route || result.getState() != HealthCheck.State.UP) {
        checks.add(new Check(check.getId(), result.getState().name(), message(result)));
      }
    }
    if (results.size() > checks.size()) {
      checks.add(new Check("routes", "UP", results.size() - checks.size() + " started"));
    }
    checks.sort(Comparator.comparing(Check::name));
    boolean up = checks.stream().allMatch(check -> check.status().equals("UP"));
    return new Verdict(up ? "UP" : "DOWN", List.copyOf(checks));
  }

  private static String message(Result result) {
    @Nullable String message = result.getMessage().orElse(null);
    if (message == null) {
      message = result.getError().map(Throwable::getMessage).orElse(null);
    }
    return message == null ? "" : message;
  }
}
