package org.voxbench.workflows.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;
import org.voxbench.steps.volume.VoxelType;
import org.voxbench.workflows.Json;

/**
 * Tiny made-up datasets of four scans, each in the layout and with the names in which a benchmark
 * is handed out. Every class is a block of its own brightness.
 */
final class RawLayouts {

  private static final GridShape SHAPE = GridShape.of(16, 32, 32);
  private static final int BLOCK = 6;

  private final Path folder;

  RawLayouts(Path folder) {
    this.folder = folder;
  }

  /** The folder that {@code --data} names. */
  Path folder() {
    return folder;
  }

  /** {@code RawData/Training/{img,label}}: BTCV, and Synapse, which is made of it. */
  void btcv() throws IOException {
    Path training = folder.resolve("RawData/Training");
    for (String number : new String[] {"0001", "0002", "0035", "0036"}) {
      scan(
          training.resolve("img/img" + number + ".nii.gz"),
          training.resolve("label/label" + number + ".nii.gz"),
          new Kind(new Spacing(3, 0.76, 0.76), 1, 13));
    }
  }

  /** {@code DATASET_Synapse/...}: as the authors of the published code hand it out. */
  void synapse() throws IOException {
    decathlon(
        folder.resolve("DATASET_Synapse/unetr_pp_raw/unetr_pp_raw_data/Task02_Synapse"),
        List.of("img0001", "img0002", "img0005", "img0006"),
        List.of("CT"),
        new Kind(new Spacing(3, 0.76, 0.76), 1, 13));
  }

  /** {@code database/training/patient001/}: two frames of each patient. */
  void acdc() throws IOException {
    for (String patient : new String[] {"patient001", "patient002"}) {
      for (String frame : new String[] {"_frame01", "_frame12"}) {
        Path stem = folder.resolve("database/training/" + patient + "/" + patient + frame);
        scan(
            Path.of(stem + ".nii.gz"),
            Path.of(stem + "_gt.nii.gz"),
            new Kind(new Spacing(10, 1.5625, 1.5625), 1, 3));
      }
    }
  }

  void lung() throws IOException {
    decathlon(
        folder.resolve("Task06_Lung"),
        List.of("lung_001", "lung_003", "lung_004", "lung_005"),
        List.of("CT"),
        new Kind(new Spacing(1.245, 0.785, 0.785), 1, 1));
  }

  /** Four sequences in one 4-D file a case. */
  void brats() throws IOException {
    decathlon(
        folder.resolve("Task01_BrainTumour"),
        List.of("BRATS_001", "BRATS_002", "BRATS_011", "BRATS_012"),
        List.of("FLAIR", "T1w", "t1gd", "T2w"),
        new Kind(new Spacing(1, 1, 1), 4, 3));
  }

  private record Kind(Spacing spacing, int channels, int classes) {}

  private static void decathlon(Path root, List<String> cases, List<String> modalities, Kind kind)
      throws IOException {
    List<Map<String, String>> training = new ArrayList<>();
    for (String one : cases) {
      String image = "imagesTr/" + one + ".nii.gz";
      String label = "labelsTr/" + one + ".nii.gz";
      scan(root.resolve(image), root.resolve(label), kind);
      training.add(Map.of("image", "./" + image, "label", "./" + label));
    }
    Map<String, Object> json = new TreeMap<>();
    json.put("name", root.getFileName().toString());
    json.put("modality", numbered(modalities, 0));
    json.put("labels", labels(root, kind.classes()));
    json.put("training", training);
    json.put("test", List.of());
    Files.write(root.resolve("dataset.json"), Json.MAPPER.writeValueAsBytes(json));
  }

  private static Map<String, String> numbered(List<String> names, int first) {
    Map<String, String> numbered = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbered.put(Integer.toString(first + i), names.get(i));
    }
    return numbered;
  }

  private static Map<String, String> labels(Path root, int classes) {
    String task = root.getFileName().toString();
    List<String> names =
        task.endsWith("Lung")
            ? List.of("cancer")
            : task.endsWith("BrainTumour")
                ? List.of("edema", "non-enhancing tumor", "enhancing tumour")
                : SYNAPSE.subList(0, classes);
    Map<String, String> labels = numbered(names, 1);
    labels.put("0", "background");
    return labels;
  }

  private static final List<String> SYNAPSE =
      List.of(
          "spleen",
          "right kidney",
          "left kidney",
          "gallbladder",
          "esophagus",
          "liver",
          "stomach",
          "aorta",
          "inferior vena cava",
          "portal vein and splenic vein",
          "pancreas",
          "right adrenal gland",
          "left adrenal gland");

  /** Noise of a seed that no other scan has: the same scan twice is refused. */
  private static void scan(Path image, Path label, Kind kind) throws IOException {
    Grid grid = Grid.of(SHAPE, kind.spacing());
    byte[] labels = new byte[SHAPE.arrayLength()];
    for (int c = 1; c <= kind.classes(); c++) {
      block(labels, c);
    }
    Random random = new Random(image.toString().hashCode());
    List<float[]> channels = new ArrayList<>();
    for (int channel = 0; channel < kind.channels(); channel++) {
      float[] voxels = new float[labels.length];
      for (int i = 0; i < voxels.length; i++) {
        voxels[i] = 100 + 40 * labels[i] + 10 * channel + random.nextInt(20);
      }
      channels.add(voxels);
    }
    Files.createDirectories(image.getParent());
    Files.createDirectories(label.getParent());
    NiftiFile.writeImage(image, new Volume(grid, channels), VoxelType.INT16);
    NiftiFile.writeLabels(label, new LabelVolume(grid, labels));
  }

  private static void block(byte[] labels, int c) {
    int index = c - 1;
    int z0 = (index / 16) * BLOCK + 2;
    int y0 = (index / 4 % 4) * (BLOCK + 2);
    int x0 = (index % 4) * (BLOCK + 2);
    for (int z = z0; z < z0 + BLOCK; z++) {
      for (int y = y0; y < y0 + BLOCK; y++) {
        for (int x = x0; x < x0 + BLOCK; x++) {
          labels[(z * SHAPE.y() + y) * SHAPE.x() + x] = (byte) c;
        }
      }
    }
  }
}
