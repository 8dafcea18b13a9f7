package org.voxbench.workflows.run;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepName;

/** The six steps by name. */
public final class StepCatalogue {

  private final Map<StepName, Step<?>> steps;

  public StepCatalogue(List<Step<?>> steps) {
    this.steps = steps.stream().collect(Collectors.toMap(Step::name, Function.identity()));
  }

  /**
   * The step of that name.
   *
   * @throws IllegalStateException when this catalogue lacks it
   */
  public Step<?> step(StepName name) {
    Step<?> step = steps.get(name);
    if (step == null) {
      throw new IllegalStateException("no step " + name.key() + " in this catalogue");
    }
    return step;
  }

  /** The request record of each step. */
  public Map<StepName, Class<?>> requestTypes() {
    Map<StepName, Class<?>> types = new EnumMap<>(StepName.class);
    steps.forEach((name, step) -> types.put(name, step.requestType()));
    return types;
  }
}
