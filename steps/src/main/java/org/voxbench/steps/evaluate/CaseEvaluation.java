package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.SlidingWindow;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.TransientStepException;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;

/** Predicts and scores cases one after the other; a case that fails is kept as failed. */
final class CaseEvaluation {

  private final RawDataset raw;
  private final PreparedDataset prepared;
  private final OpenNetwork network;
  private final StepContext context;
  private final CaseScoring scoring;
  private long windowsDone;
  private long windowsInAll = 1;

  CaseEvaluation(
      RawDataset raw,
      PreparedDataset prepared,
      OpenNetwork network,
      StepContext context,
      CaseScoring scoring) {
    this.raw = raw;
    this.prepared = prepared;
    this.network = network;
    this.context = context;
    this.scoring = scoring;
  }

  /** A score, with the prediction unless there is none. */
  private record Judged(@Nullable LabelVolume prediction, CaseScore score) {}

  /**
   * Evaluates cases.
   *
   * @throws StepStoppedException between two batches of windows; finished cases are kept
   */
  void evaluate(List<String> ids, EvaluateConfig config, FinishedCases finished)
      throws IOException {
    SlidingWindow window =
        new SlidingWindow(
            network, new SlidingWindow.Settings(config.overlap(), config.mirror(), config.batch()));
    windowsInAll = Math.max(1, ids.stream().mapToLong(id -> windows(window, id)).sum());
    for (String id : ids) {
      context.stop().check();
      Judged judged = judged(id, window);
      if (judged.prediction() == null) {
        context
            .listener()
            .note("evaluate: case " + id + " counts as failed: " + judged.score().failure());
        finished.keepFailed(judged.score());
      } else {
        finished.keep(judged.prediction(), judged.score());
      }
    }
  }

  /** What goes wrong with a case is its own fault; that it cannot be written is not. */
  private Judged judged(String id, SlidingWindow window) {
    try {
      return evaluate(id, window);
    } catch (CancellationException e) {
      throw new StepStoppedException("stopped while predicting " + id + "; " + e.getMessage(), e);
    } catch (StepStoppedException | TransientStepException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      return new Judged(null, failed(id, String.valueOf(e.getMessage())));
    }
  }

  private long windows(SlidingWindow window, String id) {
    return preparedCase(id).map(one -> window.windows(one.shape().toArray())).orElse(0L);
  }

  private Optional<PreparedCase> preparedCase(String id) {
    return prepared.cases().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  private Judged evaluate(String id, SlidingWindow window) throws IOException {
    PreparedCase one =
        preparedCase(id).orElseThrow(() -> new PermanentStepException(whyNotPrepared(id)));
    LabelVolume truth = NiftiFile.readLabels(label(id));
    Grid grid = one.geometry().original();
    if (!truth.grid().shape().equals(grid.shape())) {
      throw new PermanentStepException(
          "label: expected the image's shape %s but found %s"
              .formatted(grid.shape(), truth.grid().shape()));
    }
    LabelVolume prediction = predict(one, window);
    return new Judged(prediction, scoring.score(id, grid, truth.voxels(), prediction.voxels()));
  }

  private String whyNotPrepared(String id) {
    List<String> reasons = prepared.quarantine().cases().get(id);
    return reasons == null
        ? "the case is not among the prepared ones"
        : "in quarantine: " + String.join(" ", reasons);
  }

  private LabelVolume predict(PreparedCase one, SlidingWindow window) {
    Restoration restoration = new Restoration(one.geometry(), network.classes());
    long before = windowsDone;
    window.predict(
        image(one),
        one.shape().toArray(),
        restoration,
        (done, total) -> {
          windowsDone = before + done;
          context.listener().progress("windows", windowsDone, windowsInAll);
        },
        context.stop()::requested);
    return new LabelVolume(one.geometry().original(), restoration.labels());
  }

  private static float[] image(PreparedCase one) {
    int voxels = one.shape().arrayLength();
    float[] image = new float[Math.multiplyExact(voxels, one.channels())];
    for (int channel = 0; channel < one.channels(); channel++) {
      one.image(channel).read(0, image, channel * voxels, voxels);
    }
    return image;
  }

  private java.nio.file.Path label(String id) {
    return raw.training().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .flatMap(RawCase::label)
        .orElseThrow(() -> new PermanentStepException("the raw dataset has no label of this case"));
  }

  private CaseScore failed(String id, String reason) {
    return grid(id)
        .map(grid -> scoring.failed(id, reason, grid))
        .orElseGet(() -> scoring.failed(id, reason, Double.NaN));
  }

  private Optional<Grid> grid(String id) {
    Optional<Grid> known = preparedCase(id).map(one -> one.geometry().original());
    if (known.isPresent()) {
      return known;
    }
    try {
      return Optional.of(NiftiFile.readLabels(label(id)).grid());
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
