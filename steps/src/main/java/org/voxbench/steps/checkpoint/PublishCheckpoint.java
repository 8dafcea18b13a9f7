package org.voxbench.steps.checkpoint;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Tensor;
import org.voxbench.model.Weights;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;

/**
 * Publishes the weights of one checkpoint of the train step: {@code model.safetensors} (weights and
 * running statistics, nothing of the optimizer) and {@code network.json}, after verifying digests
 * and that the weights fit the network.
 */
public final class PublishCheckpoint implements Step<PublishCheckpoint.Request> {

  /** The published weights' file name. */
  public static final String MODEL = "model.safetensors";

  private static final String OPTIMIZER = "optimizer.";

  /**
   * What the step depends on.
   *
   * @param checkpoint the section {@code checkpoint} of an experiment
   */
  public record Request(Section checkpoint) {}

  /**
   * The section {@code checkpoint}.
   *
   * @param publish which checkpoint is published: {@code best} (highest moving average of the
   *     validation Dice) or {@code last} (the end of the training, as the published results were);
   *     default best
   */
  public record Section(Choice publish) {

    @JsonCreator
    static Section of(@JsonProperty("publish") @Nullable Choice publish) {
      return new Section(Objects.requireNonNullElse(publish, Choice.BEST));
    }

    /** Every default. */
    public static Section defaults() {
      return new Section(Choice.BEST);
    }
  }

  /** Which checkpoint is published. */
  public enum Choice {
    @JsonProperty("best")
    BEST,
    @JsonProperty("last")
    LAST
  }

  @Override
  public StepName name() {
    return StepName.CHECKPOINT;
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
    return Set.of(StepName.TRAIN);
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    return FullDisk.explained(name(), context, () -> work(request, context));
  }

  private StepResult work(Request request, StepContext context) throws IOException {
    Path trained = context.input(StepName.TRAIN);
    NetworkDescription description = NetworkDescription.read(trained);
    CheckpointFolder folder = new CheckpointFolder(trained.resolve("checkpoints"));
    Checkpoint chosen =
        choose(request.checkpoint().publish(), folder.recorded(), context.listener());
    requireWhole(folder.of(chosen));
    weights(folder.of(chosen).resolve(CheckpointStore.TENSORS), description)
        .write(context.output().resolve(MODEL));
    description.write(context.output());
    return new StepResult(figures(chosen), List.of(MODEL, NetworkDescription.FILE));
  }

  private static Checkpoint choose(Choice choice, List<Checkpoint> recorded, RunListener listener) {
    if (recorded.isEmpty()) {
      throw new PermanentStepException(
          "expected a checkpoint in the output of train but there is none; run train again");
    }
    Optional<Checkpoint> best = CheckpointFolder.best(recorded);
    if (choice == Choice.BEST && best.isEmpty()) {
      listener.note("no checkpoint was validated, so the last one is published");
    }
    Checkpoint last = recorded.get(0);
    Checkpoint chosen = choice == Choice.BEST ? best.orElse(last) : last;
    listener.note(
        "the weights of %s (%d epochs) are published".formatted(chosen.name(), chosen.epoch()));
    return chosen;
  }

  private static void requireWhole(Path checkpoint) throws IOException {
    Optional<String> damage = CheckpointFolder.damage(checkpoint);
    if (damage.isPresent()) {
      throw new PermanentStepException(
          "checkpoint %s is damaged: %s; run train again, it goes on from the newest whole one"
              .formatted(checkpoint.getFileName(), damage.get()));
    }
  }

  private static Weights weights(Path state, NetworkDescription description) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Weights.read(state).tensors());
    tensors.keySet().removeIf(name -> name.startsWith(OPTIMIZER));
    Weights weights = Weights.of(tensors).describedBy(description.network());
    Optional<String> difference = weights.explainDifference(description.network());
    if (difference.isPresent()) {
      throw new PermanentStepException(
          "%s does not fit network.json: %s; run train again"
              .formatted(state.getFileName(), difference.get()));
    }
    return weights;
  }

  private static Map<String, Double> figures(Checkpoint chosen) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("checkpoint.epoch", (double) chosen.epoch());
    figures.put("checkpoint.iteration", (double) chosen.iteration());
    if (!Double.isNaN(chosen.validationAverage())) {
      figures.put("checkpoint.validationAverage", chosen.validationAverage());
    }
    return figures;
  }
}
