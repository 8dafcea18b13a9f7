package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plain nnU-Net v2 layout: one file per channel, {@code imagesTr/<case>_0000.nii.gz}, labels in
 * {@code labelsTr/<case>.nii.gz}; {@code dataset.json} names channels and labels but no cases.
 */
final class NnUnetV2Layout implements DatasetLayout {

  private static final String CHANNELS = "channel_names";

  @Override
  public String title() {
    return "nnU-Net v2 layout";
  }

  @Override
  public boolean isRoot(Path folder) {
    Path json = folder.resolve(DatasetJson.NAME);
    return Files.isRegularFile(json) && DatasetJson.read(json, new Problems("probe")).has(CHANNELS);
  }

  @Override
  public RawDataset read(Path root, Problems problems) {
    DatasetJson json = DatasetJson.read(root.resolve(DatasetJson.NAME), problems);
    List<String> modalities = json.modalities(CHANNELS);
    Map<Integer, String> labels = json.labels();
    String ending = json.text("file_ending", ".nii.gz");
    CaseFiles files = new CaseFiles(root, modalities.size(), problems);
    if (!ending.equals(".nii.gz") && !ending.equals(".nii")) {
      problems.add(
          root.resolve(DatasetJson.NAME)
              + ": file_ending: expected .nii.gz or .nii but found "
              + ending
              + "; convert the images to NIfTI");
    }
    List<RawCase> training = files.labelled(entries(root, "Tr", ending));
    List<RawCase> test = files.unlabelled(entries(root, "Ts", ending));
    if (training.isEmpty() && problems.isEmpty()) {
      problems.add(
          root.resolve("imagesTr") + ": expected <case>_0000" + ending + " but found none");
    }
    files.findStrays();
    String name = json.text("name", FileNames.name(root.toAbsolutePath().normalize()));
    return new RawDataset(root, title(), name, modalities, labels, training, test, files.remarks());
  }

  private static List<DatasetJson.Entry> entries(Path root, String part, String ending) {
    Set<String> ids = new LinkedHashSet<>();
    for (Path image : FileNames.niftiIn(root.resolve("images" + part))) {
      ids.add(FileNames.stem(FileNames.name(image)).replaceFirst("_[0-9]{4}$", ""));
    }
    String label = part.equals("Tr") ? "labelsTr/" : "";
    return ids.stream()
        .map(
            id ->
                new DatasetJson.Entry(
                    "images" + part + "/" + id + ending,
                    label.isEmpty() ? "" : label + id + ending))
        .toList();
  }
}
