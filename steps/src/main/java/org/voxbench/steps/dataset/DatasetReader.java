package org.voxbench.steps.dataset;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks for the one dataset in or below a folder and reads it by its layout. */
final class DatasetReader {

  /** The published layout nests DATASET_X, unetr_pp_raw, unetr_pp_raw_data, TaskNN_X. */
  private static final int DEPTH = 5;

  /** The first that recognises a folder reads it. */
  private static final List<DatasetLayout> LAYOUTS =
      List.of(
          new PublishedLayout(),
          new NnUnetV2Layout(),
          new DecathlonLayout(),
          new AcdcLayout(),
          new BtcvLayout());

  private DatasetReader() {}

  private record Candidate(Path root, DatasetLayout layout) {}

  static RawDataset read(Path given, Problems problems) {
    Path folder = given.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      problems.add(
          folder
              + ": expected a folder but "
              + (Files.exists(folder) ? "it is a file" : "it is missing"));
      return nothing(folder);
    }
    List<Candidate> found = new ArrayList<>();
    List<Path> withoutJson = new ArrayList<>();
    try {
      search(folder, DEPTH, found, withoutJson);
    } catch (UncheckedIOException e) {
      problems.add(e.getMessage() + ": " + e.getCause());
      return nothing(folder);
    }
    if (found.size() == 1) {
      return found.get(0).layout().read(found.get(0).root(), problems);
    }
    problems.add(found.isEmpty() ? missing(folder, withoutJson) : ambiguous(folder, found));
    return nothing(folder);
  }

  private static void search(
      Path folder, int depth, List<Candidate> found, List<Path> withoutJson) {
    for (DatasetLayout layout : LAYOUTS) {
      if (layout.isRoot(folder)) {
        found.add(new Candidate(folder, layout));
        return;
      }
    }
    if (Files.isDirectory(folder.resolve("imagesTr"))) {
      withoutJson.add(folder);
      return;
    }
    if (depth == 0) {
      return;
    }
    for (Path child : FileNames.foldersIn(folder)) {
      search(child, depth - 1, found, withoutJson);
    }
  }

  private static String missing(Path folder, List<Path> withoutJson) {
    if (!withoutJson.isEmpty()) {
      return withoutJson.get(0)
          + ": has imagesTr but no dataset.json; put the dataset.json that came with the data there";
    }
    return folder
        + ": no dataset found; expected dataset.json beside imagesTr and labelsTr, directly there or"
        + " below as DATASET_X/unetr_pp_raw/unetr_pp_raw_data/TaskNN_X, or the archive of ACDC or BTCV"
        + " as its challenge hands it out";
  }

  private static String ambiguous(Path folder, List<Candidate> found) {
    return folder
        + ": expected one dataset but found "
        + found.stream().map(c -> folder.relativize(c.root()).toString()).toList()
        + "; point at one of them";
  }

  private static RawDataset nothing(Path folder) {
    return new RawDataset(folder, "none", "", List.of(), Map.of(), List.of(), List.of(), List.of());
  }
}
