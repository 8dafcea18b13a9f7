package org.voxbench.steps.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.dataset.SplitConfig;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/** Three prepared cases of a bright and a dark box, and the contexts of steps that read them. */
final class TinyDataset {

  private static final GridShape SHAPE = new GridShape(20, 36, 40);
  private static final Spacing SPACING = new Spacing(3, 1, 1);

  private final Path folder;

  private TinyDataset(Path folder) {
    this.folder = folder;
  }

  static TinyDataset write(Path folder) throws IOException {
    return write(folder, true);
  }

  /** The same without any foreground. */
  static TinyDataset writeEmpty(Path folder) throws IOException {
    return write(folder, false);
  }

  /** Where the native libraries of all tests are unpacked. */
  static Path natives() {
    return Path.of(System.getProperty("java.io.tmpdir"), "voxbench-test-natives");
  }

  Train.Request request(long seed, String config) throws IOException {
    return new Train.Request(
        seed,
        new SplitConfig.Listed(List.of("case3"), List.of()),
        null,
        JsonMapper.builder().build().readValue(config.replace('\'', '"'), TrainConfig.class));
  }

  StepContext context(Path output, Optional<Path> earlier, RunListener listener, StopSignal stop)
      throws IOException {
    return new StepContext(
        Map.of(StepName.PREPROCESS, folder),
        Files.createDirectories(output),
        earlier,
        listener,
        stop,
        new Resources(1, 1L << 30, "cpu"));
  }

  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private static TinyDataset write(Path folder, boolean foreground) throws IOException {
    Files.createDirectories(folder);
    PreparedFiles files = new PreparedFiles(folder);
    List<String> ids = List.of("case1", "case2", "case3");
    for (String id : ids) {
      write(files, id, ids.indexOf(id), foreground);
    }
    Normalization ct = new Normalization("CT", Normalization.Scheme.CT, false, 0, 1, -900, 300);
    files.publish(
        new PreparationPlan(SPACING, SHAPE, List.of(ct)),
        List.of("CT"),
        Map.of(1, "liver", 2, "spleen"),
        ids);
    return new TinyDataset(folder);
  }

  private static void write(PreparedFiles files, String id, int shift, boolean foreground)
      throws IOException {
    int voxels = (int) SHAPE.voxels();
    float[] image = new float[voxels];
    byte[] labels = new byte[voxels];
    List<Integer> bright = new ArrayList<>();
    List<Integer> dark = new ArrayList<>();
    for (int i = 0; i < voxels; i++) {
      int z = i / (SHAPE.y() * SHAPE.x());
      int y = i / SHAPE.x() % SHAPE.y();
      int x = i % SHAPE.x() - shift;
      boolean inside = foreground && z >= 6 && z < 14 && y >= 10 && y < 26;
      labels[i] = (byte) (inside && x >= 6 && x < 16 ? 1 : inside && x >= 22 && x < 30 ? 2 : 0);
      image[i] = labels[i] == 1 ? 1.5f : labels[i] == 2 ? -1.5f : (i * 31 + shift) % 17 / 17f;
      (labels[i] == 1 ? bright : labels[i] == 2 ? dark : new ArrayList<Integer>()).add(i);
    }
    SortedMap<Integer, Long> counts = new TreeMap<>();
    SortedMap<Integer, Integer> stored = new TreeMap<>();
    if (foreground) {
      counts.putAll(Map.of(1, (long) bright.size(), 2, (long) dark.size()));
      stored.putAll(Map.of(1, bright.size(), 2, dark.size()));
    }
    CaseGeometry geometry =
        new CaseGeometry(Grid.of(SHAPE, SPACING), CropBox.all(SHAPE), SHAPE, SPACING, 0);
    int[] locations =
        Stream.concat(bright.stream(), dark.stream()).mapToInt(Integer::intValue).toArray();
    files.write(
        "recipe",
        new PreparedCase.Description(id, 1, geometry, counts, stored),
        List.of(image),
        labels,
        locations);
  }
}
