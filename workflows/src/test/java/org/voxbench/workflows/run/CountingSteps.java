package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;

/**
 * Six small real steps: each writes the number of its request and what its inputs say. They
 * remember how often they were run, and can be told to do something first.
 */
final class CountingSteps {

  /** Handed out by a step that was told to write it first. */
  static final String ARTIFACT = "weights.bin";

  final List<StepName> worked = Collections.synchronizedList(new ArrayList<>());
  Consumer<StepContext> before = context -> {};
  StepName victim = StepName.TRAIN;

  record Request(int number) {}

  StepCatalogue catalogue() {
    List<Step<?>> steps = new ArrayList<>();
    Arrays.stream(StepName.values()).forEach(name -> steps.add(new Counting(name)));
    return new StepCatalogue(steps);
  }

  private final class Counting implements Step<Request> {
    private final StepName name;

    Counting(StepName name) {
      this.name = name;
    }

    @Override
    public StepName name() {
      return name;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Class<Request> requestType() {
      return Request.class;
    }

    @Override
    public Set<StepName> inputs() {
      return name == StepName.DOWNLOAD
          ? Set.of()
          : Arrays.stream(StepName.values())
              .filter(step -> step.next().equals(Optional.of(name)))
              .collect(Collectors.toSet());
    }

    @Override
    public StepResult run(Request request, StepContext context) throws IOException {
      worked.add(name);
      if (name == victim) {
        before.accept(context);
      }
      StringBuilder text = new StringBuilder(name.key() + " " + request.number() + "\n");
      for (Path input : context.inputs().values()) {
        text.append(Files.readString(input.resolve("out.txt")));
      }
      Files.writeString(context.output().resolve("out.txt"), text);
      context.listener().metric(name.key() + ".number", request.number(), 1);
      List<String> artifacts =
          Files.exists(context.output().resolve(ARTIFACT)) ? List.of(ARTIFACT) : List.of();
      return new StepResult(Map.of(name.key() + ".number", (double) request.number()), artifacts);
    }
  }
}
