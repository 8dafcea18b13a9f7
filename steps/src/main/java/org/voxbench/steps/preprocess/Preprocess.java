package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.RawDataset;

/** The preprocess step: checks the raw scans and turns them into a prepared dataset. */
public final class Preprocess implements Step<Preprocess.Request> {

  /**
   * What to prepare.
   *
   * @param modalities names of the channels, in order
   * @param labels names of the foreground classes by voxel value
   * @param preprocess how; everything as published when not given
   */
  public record Request(
      List<String> modalities, Map<Integer, String> labels, PreprocessSettings preprocess) {

    public Request(
        List<String> modalities,
        Map<Integer, String> labels,
        @Nullable PreprocessSettings preprocess) {
      this.modalities = List.copyOf(modalities);
      this.labels = Collections.unmodifiableMap(new TreeMap<>(labels));
      this.preprocess = preprocess == null ? PreprocessSettings.defaults() : preprocess;
      if (this.modalities.isEmpty() || this.labels.isEmpty()) {
        throw new IllegalArgumentException(
            "preprocess: expected at least one modality and one label");
      }
    }
  }

  @Override
  public StepName name() {
    return StepName.PREPROCESS;
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Class<Request> requestType() {
    return Request.class;
  }

  @Override
  public Set<StepName> inputs() {
    return Set.of(StepName.DOWNLOAD);
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    RawDataset raw = RawDataset.open(context.input(StepName.DOWNLOAD));
    return new Preparation(raw, request, context).run(raw.training());
  }
}
