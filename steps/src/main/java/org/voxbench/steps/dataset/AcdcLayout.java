package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ACDC as its challenge hands it out: {@code training/patient001/patient001_frame01.nii.gz} with
 * its label in {@code patient001_frame01_gt.nii.gz}. The whole cine series, {@code
 * patient001_4d.nii.gz}, is not used, nor are the 50 patients below {@code testing}, which no
 * published split contains.
 */
final class AcdcLayout implements DatasetLayout {

  private static final String LABEL = "_gt";

  @Override
  public String title() {
    return "ACDC challenge layout";
  }

  @Override
  public boolean isRoot(Path folder) {
    return !patients(folder).isEmpty() || !patients(folder.resolve("training")).isEmpty();
  }

  @Override
  public RawDataset read(Path root, Problems problems) {
    Path training = patients(root).isEmpty() ? root.resolve("training") : root;
    List<DatasetJson.Entry> entries = new ArrayList<>();
    for (Path patient : patients(training)) {
      for (Path image : FileNames.niftiIn(patient)) {
        String stem = FileNames.stem(FileNames.name(image));
        String suffix = FileNames.name(image).substring(stem.length());
        if (stem.matches(".*_frame[0-9]+")) {
          Path label = image.resolveSibling(stem + LABEL + suffix);
          entries.add(
              new DatasetJson.Entry(
                  root.relativize(image).toString(), root.relativize(label).toString()));
        } else if (stem.endsWith(LABEL)) {
          checkImage(image, stem, suffix, problems);
        }
      }
    }
    CaseFiles files = new CaseFiles(root, 1, problems);
    List<RawCase> cases = files.labelled(entries);
    List<String> remarks = new ArrayList<>(files.remarks());
    if (Files.isDirectory(root.resolve("testing"))) {
      remarks.add(root.resolve("testing") + ": not used; the published split has none of it");
    }
    return new RawDataset(root, title(), "ACDC", List.of(), Map.of(), cases, List.of(), remarks);
  }

  private static void checkImage(Path label, String stem, String suffix, Problems problems) {
    String image = stem.substring(0, stem.length() - LABEL.length()) + suffix;
    if (!Files.isRegularFile(label.resolveSibling(image))) {
      problems.add(label + ": label without an image; add its image or take the label away");
    }
  }

  private static List<Path> patients(Path folder) {
    return FileNames.foldersIn(folder).stream()
        .filter(child -> FileNames.name(child).matches("patient[0-9]+"))
        .filter(child -> !FileNames.niftiIn(child).isEmpty())
        .toList();
  }
}
