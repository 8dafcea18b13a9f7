package org.voxbench.steps.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.Compute;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Resources;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.checkpoint.Checkpoint;
import org.voxbench.steps.checkpoint.CheckpointStore;
import org.voxbench.steps.checkpoint.NetworkDescription;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.volume.Spacing;

/**
 * Trains the network on the prepared cases. Writes {@code checkpoints/}, {@code history.csv},
 * {@code iterations.csv} and {@code network.json}. A later attempt goes on from the newest whole
 * checkpoint of an earlier one and, on the CPU, ends with the same weights bit for bit.
 */
public final class Train implements Step<Train.Request> {

  private static final String CHECKPOINTS = "checkpoints";
  private static final double THICK_SLICES = 3;

  private final Path natives;

  /**
   * What the step depends on.
   *
   * @param seed makes every random draw
   * @param split which cases are learnt from
   * @param patient regular expression that finds the patient in a case id; empty: each case is one
   * @param train everything else
   */
  public record Request(
      long seed, SplitConfig split, @Nullable String patient, TrainConfig train) {}

  /**
   * The step.
   *
   * @param natives folder the native libraries are unpacked into, once
   */
  public Train(Path natives) {
    this.natives = natives;
  }

  @Override
  public StepName name() {
    return StepName.TRAIN;
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
    return Set.of(StepName.PREPROCESS);
  }

  @Override
  public List<Path> externalInputs(Request request) {
    return Optional.ofNullable(request.train().network().weights()).map(Path::of).stream().toList();
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    PreparedDataset dataset = PreparedDataset.open(context.input(StepName.PREPROCESS));
    UnetrPlusPlusConfig network = network(request.train(), dataset);
    describe(network, dataset).write(context.output());
    Cohort cohort = Cohort.of(dataset, request, context.listener());
    cohort.check(network, context.listener());
    try (PatchFeed feed =
            new PatchFeed(
                cohort.training(),
                cohort.validation(),
                appearance(dataset),
                network,
                request.train(),
                request.seed());
        Learner learner =
            new Learner(network, request.train(), compute(context.resources()), request.seed())) {
      return train(request.train(), dataset, feed, learner, context);
    } catch (OutOfMemoryError | RuntimeException e) {
      throw Shortage.ofMemory(e, network, request.train());
    } catch (IOException e) {
      Shortage.throwIfOfDisk(e);
      throw e;
    }
  }

  private static StepResult train(
      TrainConfig config,
      PreparedDataset dataset,
      PatchFeed feed,
      Learner learner,
      StepContext context)
      throws IOException {
    Path folder = context.output().resolve(CHECKPOINTS);
    CheckpointStore store = new CheckpointStore(folder, context.listener()::note);
    Checkpoint start = takeOver(store, context);
    learner.restore(start.iteration() == 0 ? Optional.empty() : Optional.of(store.folder(start)));
    context
        .listener()
        .note(
            "computing in %s with %d threads"
                .formatted(
                    learner.precision().name().toLowerCase(Locale.ROOT),
                    context.resources().threads()));
    Path earlier = context.earlier().orElse(context.output());
    try (History history =
        new History(context.output(), earlier, start, dataset.labels().keySet())) {
      new TrainingLoop(config, learner, feed, store, history, context).run(start);
    }
    Map<String, Double> metrics = new TreeMap<>();
    store.best().ifPresent(best -> metrics.put("validation.average", best.validationAverage()));
    return new StepResult(
        metrics, List.of(History.EPOCHS, History.ITERATIONS, NetworkDescription.FILE));
  }

  private static Checkpoint takeOver(CheckpointStore store, StepContext context)
      throws IOException {
    Optional<Path> earlier = context.earlier().map(folder -> folder.resolve(CHECKPOINTS));
    if (earlier.isEmpty() || !Files.isDirectory(earlier.get())) {
      return Checkpoint.start();
    }
    store.adopt(earlier.get());
    Optional<Checkpoint> newest = store.newest();
    newest.ifPresent(
        found ->
            context
                .listener()
                .note(
                    "training goes on from %s of an earlier attempt (%d epochs finished)"
                        .formatted(found.name(), found.epoch())));
    return newest.orElse(Checkpoint.start());
  }

  private static UnetrPlusPlusConfig network(TrainConfig config, PreparedDataset dataset) {
    int classes =
        dataset.labels().keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    try {
      return config.network().resolve(dataset.modalities().size(), classes);
    } catch (IllegalArgumentException e) {
      throw new PermanentStepException("train.network: " + e.getMessage(), e);
    }
  }

  private static NetworkDescription describe(UnetrPlusPlusConfig network, PreparedDataset dataset) {
    return new NetworkDescription(
        network, dataset.modalities(), new TreeMap<>(dataset.labels()), dataset.plan());
  }

  private static PatchFeed.Appearance appearance(PreparedDataset dataset) {
    Spacing spacing = dataset.plan().spacing();
    boolean thick = spacing.z() > THICK_SLICES * Math.max(spacing.y(), spacing.x());
    return new PatchFeed.Appearance(
        thick, dataset.plan().normalization().stream().map(Normalization::masked).toList());
  }

  private Compute compute(Resources resources) {
    Compute.Device device = Compute.Device.valueOf(resources.device().toUpperCase(Locale.ROOT));
    return new Compute(device, resources.threads(), natives);
  }
}
