package org.voxbench.workflows.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * One look as a health check of Camel: it says whether work is possible, not whether all is lost.
 */
final class Probe extends AbstractHealthCheck {

  private final Health.Look look;

  Probe(String name, Health.Look look) {
    super("voxbench", name);
    this.look = look;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
    try {
      result.message(look.look()).up();
    } catch (Exception e) {
      String message = e.getMessage();
      result.message(message == null ? e.getClass().getSimpleName() : message).error(e).down();
    }
  }
}
