package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BTCV Abdomen, from which Synapse is made too, as its challenge hands it out: {@code
 * RawData/Training/img/img0001.nii.gz} with its label in {@code
 * RawData/Training/label/label0001.nii.gz}, test images in {@code RawData/Testing/img}.
 */
final class BtcvLayout implements DatasetLayout {

  @Override
  public String title() {
    return "BTCV challenge layout";
  }

  @Override
  public boolean isRoot(Path folder) {
    return isPart(folder) || isPart(folder.resolve("Training"));
  }

  @Override
  public RawDataset read(Path root, Problems problems) {
    Path training = isPart(root) ? root : root.resolve("Training");
    CaseFiles files = new CaseFiles(root, 1, problems);
    List<DatasetJson.Entry> entries = new ArrayList<>();
    for (Path image : FileNames.niftiIn(training.resolve("img"))) {
      String label = FileNames.name(image).replaceFirst("^img", "label");
      entries.add(
          new DatasetJson.Entry(
              root.relativize(image).toString(),
              root.relativize(training.resolve("label").resolve(label)).toString()));
    }
    for (Path label : FileNames.niftiIn(training.resolve("label"))) {
      String image = FileNames.name(label).replaceFirst("^label", "img");
      if (!Files.isRegularFile(training.resolve("img").resolve(image))) {
        problems.add(label + ": label without an image; add its image or take the label away");
      }
    }
    List<RawCase> cases = files.labelled(entries);
    List<RawCase> test =
        files.unlabelled(
            FileNames.niftiIn(root.resolve("Testing").resolve("img")).stream()
                .map(image -> new DatasetJson.Entry(root.relativize(image).toString(), ""))
                .toList());
    return new RawDataset(root, title(), "BTCV", List.of(), Map.of(), cases, test, files.remarks());
  }

  private static boolean isPart(Path folder) {
    return Files.isDirectory(folder.resolve("img")) && Files.isDirectory(folder.resolve("label"));
  }
}
