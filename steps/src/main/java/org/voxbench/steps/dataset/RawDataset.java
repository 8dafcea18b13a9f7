package org.voxbench.steps.dataset;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A raw dataset on disk, whatever archive form it came in.
 *
 * @param folder the folder that holds {@code dataset.json}
 * @param layout the archive form it was read in, in words
 * @param name the dataset's name
 * @param modalities names of the image channels in order, such as {@code CT}; empty when the
 *     archive names none
 * @param labels names of the foreground classes by voxel value, 1 to 127, ascending; empty when the
 *     archive names none
 * @param training cases with a label, in order of their id
 * @param test cases without a label, in order of their id
 * @param remarks oddities that do not hinder, one sentence each
 */
public record RawDataset(
    Path folder,
    String layout,
    String name,
    List<String> modalities,
    Map<Integer, String> labels,
    List<RawCase> training,
    List<RawCase> test,
    List<String> remarks) {

  public RawDataset {
    modalities = List.copyOf(modalities);
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    training = List.copyOf(training);
    test = List.copyOf(test);
    remarks = List.copyOf(remarks);
  }

  /**
   * Opens the dataset in or below {@code folder}: the published layout ({@code
   * DATASET_X/unetr_pp_raw/unetr_pp_raw_data/TaskNN_X}, recipe section 4.1), the Medical
   * Segmentation Decathlon layout, the plain nnU-Net v2 layout, or ACDC or BTCV as their challenges
   * hand them out. Only names are looked at; no image is read.
   *
   * @throws org.voxbench.steps.PermanentStepException listing everything that is wrong, file by
   *     file
   */
  public static RawDataset open(Path folder) {
    Problems problems = new Problems("dataset " + folder);
    RawDataset dataset = DatasetReader.read(folder, problems);
    problems.throwIfAny();
    return dataset;
  }

  /** The ids of the training cases, in order. */
  public List<String> trainingIds() {
    return training.stream().map(RawCase::id).toList();
  }
}
