package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder;
import org.voxbench.workflows.run.Event;
import org.voxbench.workflows.run.EventTail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says why each step of a run was reused or done. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Says for each step of a run why it was reused or had to be done.")
final class ExplainCommand implements Callable<Integer> {

  @Mixin private final RunArgument run = new RunArgument();
  @Mixin private final ReadOptions options = new ReadOptions();

  @Override
  public Integer call() throws IOException {
    Run found = run.read(options.home());
    Map<StepName, List<String>> told = new EnumMap<>(StepName.class);
    for (StepRun step : found.steps()) {
      told.put(step.name(), told(found.id(), step));
    }
    return options.print(
        found.steps(),
        out ->
            found
                .steps()
                .forEach(
                    step -> {
                      out.printf("%-12s%s%n", step.name().key(), explanation(step));
                      told.get(step.name()).forEach(note -> out.printf("%12s%s%n", "", note));
                    }));
  }

  /** What preprocess said: which cases it took from the store, prepared again or set aside. */
  private List<String> told(String id, StepRun step) throws IOException {
    if (step.name() != StepName.PREPROCESS || step.reused() || step.attempt() == 0) {
      return List.of();
    }
    Path events = AttemptFolder.of(options.home(), id, step.name(), step.attempt()).events();
    List<String> notes = new ArrayList<>();
    EventTail tail = new EventTail(events, 0);
    for (List<Event> some = tail.next(); !some.isEmpty(); some = tail.next()) {
      for (Event event : some) {
        if (event instanceof Event.Note note) {
          notes.add(note.sentence());
        }
      }
    }
    return notes;
  }

  private static String explanation(StepRun step) {
    if (step.reason() == null) {
      return step.state().name().toLowerCase(Locale.ROOT) + ", nothing decided yet";
    }
    return (step.reused() ? "hit, " : "miss, ") + step.reason();
  }
}
