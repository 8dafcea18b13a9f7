package org.voxbench.steps.train;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.voxbench.model.Batch;
import org.voxbench.model.Precision;
import org.voxbench.model.StepLoss;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.checkpoint.Checkpoint;
import org.voxbench.steps.checkpoint.CheckpointStore;

/** The story of a training: epoch after epoch learn, validate, write down, keep, tell. */
final class TrainingLoop {

  private static final int MAX_RETURNS = 3;
  private static final int LEARNING_RATE_TOLD_EVERY = 10;

  private final TrainConfig config;
  private final TrainConfig.Work work;
  private final Learner learner;
  private final PatchFeed feed;
  private final CheckpointStore store;
  private final History history;
  private final StepContext context;
  private final RunListener listener;

  TrainingLoop(
      TrainConfig config,
      Learner learner,
      PatchFeed feed,
      CheckpointStore store,
      History history,
      StepContext context) {
    this.config = config;
    work = config.work();
    this.learner = learner;
    this.feed = feed;
    this.store = store;
    this.history = history;
    this.context = context;
    listener = context.listener();
  }

  /** Trains from a state the learner is in to the end. */
  Checkpoint run(Checkpoint start) throws IOException {
    Checkpoint at = start;
    while (at.epoch() < work.epochs()) {
      try {
        at = epoch(at);
      } catch (DivergedException e) {
        at = goBack(at, e);
      }
    }
    if (work.epochs() == 0) {
      write(at);
    }
    store.prune(config.keeping().keep());
    return at;
  }

  private Checkpoint epoch(Checkpoint start) throws IOException, DivergedException {
    long begun = System.nanoTime();
    Checkpoint learnt = learn(start);
    Optional<ValidationScore> score = validate(start.epoch());
    Checkpoint end = finish(learnt, score);
    writeDown(end, learnt.lossSum() / work.iterationsPerEpoch(), score);
    keep(end);
    listener.metric("train.epochSeconds", (System.nanoTime() - begun) / 1e9, end.epoch());
    return end;
  }

  private Checkpoint learn(Checkpoint start) throws IOException, DivergedException {
    long end = (start.epoch() + 1L) * work.iterationsPerEpoch();
    long waited = 0;
    Checkpoint at = start;
    try (Batches batches = feed.training(at.iteration(), end)) {
      while (at.iteration() < end) {
        if (context.stop().requested()) {
          throw stopped(start, at);
        }
        long asked = System.nanoTime();
        Batch batch = batches.next();
        waited += System.nanoTime() - asked;
        at = step(at, batch);
      }
    }
    listener.metric("train.waitSeconds", waited / 1e9, start.epoch() + 1L);
    return at;
  }

  private Checkpoint step(Checkpoint at, Batch batch) throws IOException, DivergedException {
    double rate = learningRate(at, at.iteration());
    StepLoss step = learner.step(batch, rate, at.iteration());
    requireFinite(step, at, rate);
    long finished = at.iteration() + 1;
    history.iteration(finished, at.epoch() + 1, rate, step.loss(), step.gradientNorm());
    listener.metric("train.loss", step.loss(), finished);
    if (at.iteration() % LEARNING_RATE_TOLD_EVERY == 0 || finished == work.iterations()) {
      listener.metric("train.learningRate", rate, finished);
    }
    listener.progress("iterations", finished, work.iterations());
    return at.learnt(Double.isFinite(step.loss()) ? step.loss() : 0);
  }

  private double learningRate(Checkpoint at, long iteration) {
    double largest = config.optimizer().learningRate() * at.learningRateFactor();
    return config.schedule().learningRate(largest, iteration, work);
  }

  /** In float16 a skipped update is the search for a loss scale, as long as that can still fall. */
  private void requireFinite(StepLoss step, Checkpoint at, double rate) throws DivergedException {
    boolean searching = learner.precision() == Precision.FLOAT16 && step.lossScale() > 1;
    if (!step.applied() && !searching) {
      throw new DivergedException(
          "loss %s and gradient norm %s in iteration %d (epoch %d) at learning rate %s"
              .formatted(
                  step.loss(), step.gradientNorm(), at.iteration() + 1, at.epoch() + 1, rate));
    }
  }

  private Optional<ValidationScore> validate(int epoch) throws DivergedException {
    int batches = config.validation().batches();
    boolean due = (epoch + 1) % config.validation().every() == 0 || epoch + 1 == work.epochs();
    if (batches == 0 || !due) {
      return Optional.empty();
    }
    ValidationScore score = new ValidationScore(learner.classes());
    try (Batches validation = feed.validation(epoch)) {
      for (int i = 0; i < batches; i++) {
        score.add(learner.validate(validation.next()));
      }
    }
    if (!Double.isFinite(score.loss())) {
      throw new DivergedException(
          "validation loss %s after epoch %d".formatted(score.loss(), epoch + 1));
    }
    return Optional.of(score);
  }

  private static Checkpoint finish(Checkpoint learnt, Optional<ValidationScore> score) {
    double before = learnt.validationAverage();
    return learnt.epochFinished(score.map(validated -> validated.average(before)).orElse(before));
  }

  private void writeDown(Checkpoint end, double loss, Optional<ValidationScore> score)
      throws IOException {
    double validationLoss = score.map(ValidationScore::loss).orElse(Double.NaN);
    double dice = score.map(ValidationScore::meanDice).orElse(Double.NaN);
    DoubleStream perClass =
        score.isPresent()
            ? score.get().dice().stream().mapToDouble(Double::doubleValue)
            : DoubleStream.generate(() -> Double.NaN).limit(learner.classes() - 1L);
    double rate = learningRate(end, end.iteration() - 1);
    DoubleStream values =
        DoubleStream.of(rate, loss, validationLoss, dice, end.validationAverage());
    history.epoch(end, DoubleStream.concat(values, perClass).toArray());
    if (score.isPresent()) {
      listener.metric("validation.loss", validationLoss, end.epoch());
      listener.metric("validation.dice", dice, end.epoch());
    }
  }

  /** Keeps what is due by the settings, the last state, and the best so far. */
  private void keep(Checkpoint end) throws IOException {
    double best = store.best().map(Checkpoint::validationAverage).orElse(Double.NEGATIVE_INFINITY);
    if (end.epoch() % config.keeping().checkpointEvery() == 0
        || end.epoch() == work.epochs()
        || end.validationAverage() > best) {
      write(end);
      store.prune(config.keeping().keep());
    }
  }

  private void write(Checkpoint checkpoint) throws IOException {
    history.sync();
    store.write(checkpoint, learner::save);
  }

  private StepStoppedException stopped(Checkpoint start, Checkpoint at) throws IOException {
    if (at.iteration() > start.iteration()) {
      write(at);
    }
    return new StepStoppedException(
        "training stopped on request after %d of %d iterations (epoch %d of %d)"
                .formatted(at.iteration(), work.iterations(), at.epoch() + 1, work.epochs())
            + (at.iteration() == 0
                ? "; nothing was learnt yet"
                : "; checkpoint %s is kept and the next attempt goes on from it"
                    .formatted(at.name())));
  }

  private Checkpoint goBack(Checkpoint at, DivergedException diverged) throws IOException {
    double factor = at.learningRateFactor() / 2;
    if (at.returns() == MAX_RETURNS) {
      throw new PermanentStepException(
          ("training diverged: %s, although the learning rate was halved %d times. Lower"
                  + " train.optimizer.learningRate (now %s), raise train.schedule.warmup (now %d), or"
                  + " set train.precision: float32.")
              .formatted(
                  diverged.getMessage(),
                  MAX_RETURNS,
                  config.optimizer().learningRate(),
                  config.schedule().warmup()),
          diverged);
    }
    Checkpoint last = store.newest().orElse(Checkpoint.start());
    learner.restore(last.iteration() == 0 ? Optional.empty() : Optional.of(store.folder(last)));
    history.cutAfter(last);
    listener.note(
        "training diverged: %s; it goes on from %s with learning rates times %s (return %d of %d)"
            .formatted(
                diverged.getMessage(),
                last.iteration() == 0 ? "the start" : last.name(),
                factor,
                at.returns() + 1,
                MAX_RETURNS));
    return last.slowedDown(factor, at.returns() + 1);
  }
}
