package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.LabelVolume;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Spacing;
import org.voxbench.steps.volume.Volume;
import org.voxbench.steps.volume.VoxelType;

/** A small raw dataset on disk in the Decathlon layout, and a context to prepare it in. */
final class RawFixture {

  static final GridShape SHAPE = new GridShape(12, 16, 20);
  static final Spacing SPACING = new Spacing(3, 2, 1.5);

  final Path raw;
  final Path out;
  private Path shared;
  final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final List<String> ids = new ArrayList<>();

  RawFixture(Path folder) throws IOException {
    raw = Files.createDirectories(folder.resolve("raw"));
    out = Files.createDirectories(folder.resolve("out"));
    shared = folder.resolve("shared");
    Files.createDirectories(raw.resolve("imagesTr"));
    Files.createDirectories(raw.resolve("labelsTr"));
  }

  /** An image whose values grow along x and y, with a labelled block in the middle. */
  static float[] image(GridShape shape, float offset) {
    float[] voxels = new float[(int) shape.voxels()];
    for (int index = 0; index < voxels.length; index++) {
      int x = index % shape.x();
      int y = index / shape.x() % shape.y();
      voxels[index] = offset + 10 * x + y;
    }
    return voxels;
  }

  static byte[] block(GridShape shape, int label) {
    byte[] voxels = new byte[(int) shape.voxels()];
    for (int z = shape.z() / 4; z < shape.z() / 2; z++) {
      for (int y = shape.y() / 4; y < shape.y() / 2; y++) {
        for (int x = shape.x() / 4; x < shape.x() / 2; x++) {
          voxels[(z * shape.y() + y) * shape.x() + x] = (byte) label;
        }
      }
    }
    return voxels;
  }

  RawFixture add(String id) throws IOException {
    Grid grid = Grid.of(SHAPE, SPACING);
    return add(
        id, Volume.of(grid, image(SHAPE, 5 + ids.size())), new LabelVolume(grid, block(SHAPE, 1)));
  }

  RawFixture add(String id, Volume image, LabelVolume labels) throws IOException {
    NiftiFile.writeImage(imageFile(id), image, VoxelType.FLOAT32);
    NiftiFile.writeLabels(labelFile(id), labels);
    ids.add(id);
    return this;
  }

  Path imageFile(String id) {
    return raw.resolve("imagesTr/" + id + ".nii.gz");
  }

  Path labelFile(String id) {
    return raw.resolve("labelsTr/" + id + ".nii.gz");
  }

  RawFixture declare(String... modalities) throws IOException {
    List<String> channels = new ArrayList<>();
    for (int index = 0; index < modalities.length; index++) {
      channels.add("\"%d\": \"%s\"".formatted(index, modalities[index]));
    }
    String cases =
        ids.stream()
            .map(
                id ->
                    "{\"image\": \"./imagesTr/%1$s.nii.gz\", \"label\": \"./labelsTr/%1$s.nii.gz\"}"
                        .formatted(id))
            .collect(Collectors.joining(",\n"));
    Files.writeString(
        raw.resolve("dataset.json"),
        """
        {"name": "fixture", "modality": {%s}, "labels": {"0": "background", "1": "block"},
         "numTraining": %d, "numTest": 0, "training": [%s], "test": []}
        """
            .formatted(String.join(", ", channels), ids.size(), cases));
    return this;
  }

  StepContext context(int threads) {
    return context(threads, out, Optional.empty(), () -> false);
  }

  StepContext context(int threads, Path output, Optional<Path> earlier, StopSignal stop) {
    return new StepContext(
        Map.of(StepName.DOWNLOAD, raw),
        output,
        earlier,
        new Told(),
        stop,
        new Resources(threads, 256L << 20, "cpu"));
  }

  /** An attempt that shares its cases with all others made by this method. */
  StepContext sharing(int threads, Path output, StopSignal stop) throws IOException {
    return new StepContext(
        Map.of(StepName.DOWNLOAD, raw),
        Files.createDirectories(output),
        Optional.empty(),
        new Told(),
        stop,
        Optional.of(shared),
        new Resources(threads, 256L << 20, "cpu"));
  }

  /** Size and digest of every file below a folder, by its path. */
  static Map<String, String> bytes(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.put(
            folder.relativize(file).toString(),
            Arrays.hashCode(Files.readAllBytes(file)) + ":" + Files.size(file));
      }
    }
    return all;
  }

  Path shared() {
    return shared;
  }

  RawFixture sharedAt(Path folder) {
    shared = folder;
    return this;
  }

  static Preprocess.Request request(String... modalities) {
    return new Preprocess.Request(List.of(modalities), Map.of(1, "block"), null);
  }

  private final class Told implements RunListener {

    @Override
    public void metric(String key, double value, long step) {
      told.add(key + "=" + value);
    }

    @Override
    public void progress(String task, long done, long total) {
      told.add(task + " " + done + "/" + total);
    }

    @Override
    public void note(String sentence) {
      told.add(sentence);
    }
  }
}
