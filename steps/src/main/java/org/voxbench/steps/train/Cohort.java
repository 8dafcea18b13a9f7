package org.voxbench.steps.train;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedDataset;
import org.voxbench.steps.dataset.Split;

/** The cases of both sides of the split, checked before hours are spent on them. */
record Cohort(List<TrainingCase> training, List<TrainingCase> validation) {

  Cohort {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * Splits a dataset.
   *
   * @throws PermanentStepException when the split names cases that were not prepared, or no case
   *     that is learnt from has any foreground
   */
  static Cohort of(PreparedDataset dataset, Train.Request request, RunListener listener) {
    List<String> ids = dataset.cases().stream().map(PreparedCase::id).toList();
    Split split =
        sound(request.split().split(dataset.quarantine().with(ids), request.patient()), dataset);
    List<PreparedCase> training = split.training().stream().map(dataset::find).toList();
    Set<Integer> missing = new TreeSet<>(dataset.labels().keySet());
    training.forEach(prepared -> missing.removeAll(prepared.foregroundClasses()));
    if (missing.size() == dataset.labels().size()) {
      throw new PermanentStepException(
          "train: expected voxels of %s in the training cases but %s have none; check their label files"
              .formatted(dataset.labels().values(), split.training()));
    }
    if (!missing.isEmpty()) {
      listener.note(
          "no training case has a voxel of %s: these classes cannot be learnt"
              .formatted(
                  missing.stream().map(dataset.labels()::get).collect(Collectors.joining(", "))));
    }
    List<PreparedCase> validation = split.validation().stream().map(dataset::find).toList();
    return new Cohort(
        training.stream().map(TrainingCase::of).toList(),
        validation.stream().map(TrainingCase::of).toList());
  }

  /** The split without the cases in quarantine: nobody can learn from them. */
  private static Split sound(Split split, PreparedDataset dataset) {
    List<String> training = dataset.quarantine().without(split.training());
    if (training.isEmpty()) {
      throw new PermanentStepException(
          "train: expected a sound training case but all of %s are in quarantine; mend them as the notes of preprocess say"
              .formatted(split.training()));
    }
    return new Split(training, dataset.quarantine().without(split.validation()));
  }

  /** Says so when a patch reaches beyond most cases: what is learnt there is padding. */
  void check(UnetrPlusPlusConfig network, RunListener listener) {
    for (int axis = 0; axis < 3; axis++) {
      int at = axis;
      int patch = network.patch().get(axis);
      long smaller = training.stream().filter(each -> each.shape()[at] < patch).count();
      if (2 * smaller > training.size()) {
        listener.note(
            "train.network.patch: %d voxels along %s are more than %d of %d training cases have; the"
                    .formatted(patch, "zyx".charAt(axis), smaller, training.size())
                + " rest is padded with zeros; a smaller patch trains faster");
      }
    }
  }
}
