package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Medical Segmentation Decathlon layout: {@code dataset.json} lists each image with its label;
 * several modalities lie in one 4-D file. As in nnU-Net v1, a listed {@code x.nii.gz} may instead
 * lie there as {@code x_0000.nii.gz, x_0001.nii.gz, ...}, one file per modality.
 */
final class DecathlonLayout implements DatasetLayout {

  @Override
  public String title() {
    return "Medical Segmentation Decathlon layout";
  }

  @Override
  public boolean isRoot(Path folder) {
    return Files.isRegularFile(folder.resolve(DatasetJson.NAME))
        && !PublishedLayout.isDerived(folder.toAbsolutePath().normalize());
  }

  @Override
  public RawDataset read(Path root, Problems problems) {
    return read(root, title(), problems);
  }

  RawDataset read(Path root, String title, Problems problems) {
    DatasetJson json = DatasetJson.read(root.resolve(DatasetJson.NAME), problems);
    List<String> modalities = json.modalities("modality");
    Map<Integer, String> labels = json.labels();
    CaseFiles files = new CaseFiles(root, modalities.size(), problems);
    List<RawCase> training = files.labelled(json.entries("training"));
    List<RawCase> test = files.unlabelled(json.entries("test"));
    if (training.isEmpty() && problems.isEmpty()) {
      problems.add(root.resolve(DatasetJson.NAME) + ": training: expected cases but found none");
    }
    files.findStrays();
    String name = json.text("name", FileNames.name(root.toAbsolutePath().normalize()));
    return new RawDataset(root, title, name, modalities, labels, training, test, files.remarks());
  }
}
