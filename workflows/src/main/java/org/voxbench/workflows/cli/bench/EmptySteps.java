package org.voxbench.workflows.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.workflows.run.StepCatalogue;

/** Six steps that write one number: what a run costs without its work. */
final class EmptySteps {

  private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> gaps = new ConcurrentLinkedQueue<>();

  record Request(int number) {}

  StepCatalogue catalogue() {
    List<Step<?>> steps = new ArrayList<>();
    Arrays.stream(StepName.values()).forEach(name -> steps.add(new Empty(name)));
    return new StepCatalogue(steps);
  }

  /** Nanoseconds from the return of each step to the start of the next one of its run, sorted. */
  long[] gaps() {
    return gaps.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private final class Empty implements Step<Request> {
    private final StepName name;

    Empty(StepName name) {
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
      return Arrays.stream(StepName.values())
          .filter(step -> step.next().equals(Optional.of(name)))
          .collect(Collectors.toSet());
    }

    @Override
    public StepResult run(Request request, StepContext context) throws IOException {
      Long before = ends.remove(request.number());
      if (before != null) {
        gaps.add(System.nanoTime() - before);
      }
      Files.writeString(
          context.output().resolve("number.txt"), name.key() + " " + request.number() + "\n");
      StepResult result = new StepResult(Map.of(), List.of());
      if (name.next().isPresent()) {
        ends.put(request.number(), System.nanoTime());
      }
      return result;
    }
  }
}
