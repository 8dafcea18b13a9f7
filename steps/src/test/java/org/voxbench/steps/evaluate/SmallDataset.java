package org.voxbench.steps.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;
import org.voxbench.steps.volume.VoxelType;

/**
 * A raw dataset in the published layout and its prepared twin, made of boxes: in each case a box of
 * class 1 and one of class 2. Prepared voxels hold the class itself, so that {@link OneHot}
 * predicts the truth.
 */
final class SmallDataset {

  static final Map<Integer, String> LABELS = Map.of(1, "left box", 2, "right box");

  final Path raw;
  final Path prepared;
  private final Path images;
  private final Path labels;
  private final List<String> ids = new ArrayList<>();

  SmallDataset(Path home) throws IOException {
    raw = home.resolve("download");
    prepared = home.resolve("preprocess");
    Path task = raw.resolve("DATASET_Boxes/unetr_pp_raw/unetr_pp_raw_data/Task09_Boxes");
    images = Files.createDirectories(task.resolve("imagesTr"));
    labels = Files.createDirectories(task.resolve("labelsTr"));
    Files.createDirectories(prepared);
  }

  /** A scan with its boxes {@code shift} voxels to the right. */
  static LabelVolume boxes(int shift) {
    Grid grid = Grid.of(new GridShape(7, 12, 14), new Spacing(3, 1, 1.5));
    byte[] voxels = new byte[grid.shape().arrayLength()];
    for (int z = 1; z < 6; z++) {
      for (int y = 2; y < 9; y++) {
        for (int x = 1; x < 11; x++) {
          if (x != 5) {
            voxels[(z * 12 + y) * 14 + x + shift] = (byte) (x < 5 ? 1 : 2);
          }
        }
      }
    }
    return new LabelVolume(grid, voxels);
  }

  /** Adds a case to the raw dataset and, unless {@code prediction} is null, to the prepared one. */
  SmallDataset add(String id, LabelVolume truth, float[] prepared) throws IOException {
    float[] image = new float[truth.voxels().length];
    for (int i = 0; i < image.length; i++) {
      image[i] = 100 * truth.voxels()[i];
    }
    NiftiFile.writeImage(
        images.resolve(id + ".nii.gz"), Volume.of(truth.grid(), image), VoxelType.FLOAT32);
    NiftiFile.writeLabels(labels.resolve(id + ".nii.gz"), truth);
    ids.add(id);
    if (prepared.length > 0) {
      GridShape shape = truth.grid().shape();
      CaseGeometry geometry =
          new CaseGeometry(truth.grid(), CropBox.all(shape), shape, truth.grid().spacing(), -1);
      new PreparedFiles(this.prepared)
          .write(
              "made for a test",
              new PreparedCase.Description(id, 1, geometry, new TreeMap<>(), new TreeMap<>()),
              List.of(prepared),
              truth.voxels(),
              new int[0]);
    }
    return this;
  }

  /** Adds a case whose prediction will be {@code prediction}. */
  SmallDataset add(String id, LabelVolume truth, LabelVolume prediction) throws IOException {
    float[] image = new float[prediction.voxels().length];
    for (int i = 0; i < image.length; i++) {
      image[i] = prediction.voxels()[i];
    }
    return add(id, truth, image);
  }

  Path label(String id) {
    return labels.resolve(id + ".nii.gz");
  }

  /** Writes the descriptions of both datasets. */
  SmallDataset publish() throws IOException {
    List<Map<String, String>> training =
        ids.stream()
            .map(
                id ->
                    Map.of(
                        "image",
                        "./imagesTr/" + id + ".nii.gz",
                        "label",
                        "./labelsTr/" + id + ".nii.gz"))
            .toList();
    new ObjectMapper()
        .writeValue(
            labels.resolveSibling("dataset.json").toFile(),
            Map.of(
                "name", "Boxes",
                "modality", Map.of("0", "CT"),
                "labels", Map.of("0", "background", "1", "left box", "2", "right box"),
                "training", training,
                "test", List.of()));
    Normalization ct = new Normalization("CT", Normalization.Scheme.CT, false, 0, 1, -10, 10);
    PreparationPlan plan =
        new PreparationPlan(new Spacing(3, 1, 1.5), new GridShape(7, 12, 14), List.of(ct));
    List<String> there =
        ids.stream().filter(id -> Files.exists(prepared.resolve("cases").resolve(id))).toList();
    new PreparedFiles(prepared).publish(plan, List.of("CT"), LABELS, there);
    return this;
  }

  /** Finds the class that the voxel holds. */
  record OneHot() implements OpenNetwork {

    @Override
    public List<Integer> patch() {
      return List.of(4, 8, 8);
    }

    @Override
    public int inChannels() {
      return 1;
    }

    @Override
    public int classes() {
      return 3;
    }

    @Override
    public float[] probabilities(float[] windows, int count, boolean mirror) {
      float[] found = new float[3 * windows.length];
      for (int i = 0; i < windows.length; i++) {
        int window = i / 256;
        found[(window * 3 + Math.round(windows[i])) * 256 + i % 256] = 1;
      }
      return found;
    }

    @Override
    public void close() {}
  }
}
