package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write opens in nibabel with the same array and affine. Needs a Python with nibabel. */
class NibabelConformanceTest {

  private static final String PYTHON =
      Objects.requireNonNullElse(System.getenv("VOXBENCH_PYTHON"), "python3");

  private static final String SCRIPT =
      """
      import json, sys, nibabel, numpy
      image = nibabel.load(sys.argv[1])
      values = numpy.asarray(image.dataobj).astype(float)
      print(json.dumps({
          "shape": image.shape, "affine": image.affine.tolist(), "type": str(image.get_data_dtype()),
          "zooms": [float(zoom) for zoom in image.header.get_zooms()],
          "sum": values.sum(), "corner": values[1, 2, 3].tolist(),
          "qform": image.header.get_qform().tolist()}))
      """;

  @Test
  void imagesOpenWithTheSameArrayAndAffine(@TempDir Path folder) throws Exception {
    requireNibabel();
    Grid grid =
        Grid.of(
            new GridShape(5, 6, 7),
            new Affine(
                List.of(
                    -0.6, 0.0, 1.6, 10.0, //
                    0.0, 0.5, 0.0, -20.0, //
                    0.8, 0.0, 1.2, 30.0)));
    float[] voxels = new float[5 * 6 * 7];
    double sum = 0;
    for (int index = 0; index < voxels.length; index++) {
      voxels[index] = index * 3 - 300;
      sum += voxels[index];
    }
    for (VoxelType type : List.of(VoxelType.INT16, VoxelType.FLOAT32)) {
      for (String name : List.of("image.nii", "image.nii.gz")) {
        Path file = folder.resolve(name);
        NiftiFile.writeImage(file, Volume.of(grid, voxels), type);

        JsonNode seen = seenByNibabel(file);

        assertThat(seen.get("shape").toString()).isEqualTo("[7,6,5]");
        assertThat(seen.get("type").asText())
            .isEqualTo(type == VoxelType.INT16 ? "int16" : "float32");
        assertThat(seen.get("sum").asDouble()).isEqualTo(sum);
        assertThat(seen.get("corner").asDouble()).isEqualTo(voxels[(3 * 6 + 2) * 7 + 1]);
        assertSameMatrix(seen.get("affine"), grid.affine());
        assertSameMatrix(seen.get("qform"), grid.affine());
        assertThat(seen.get("zooms").get(2).asDouble()).isCloseTo(2.0, within(1e-6));
      }
    }
  }

  @Test
  void channelsAreNibabelsFourthDimension(@TempDir Path folder) throws Exception {
    requireNibabel();
    Grid grid = Grid.of(new GridShape(5, 6, 7), new Spacing(3, 2, 1));
    float[] first = new float[5 * 6 * 7];
    float[] second = new float[5 * 6 * 7];
    second[(3 * 6 + 2) * 7 + 1] = 9;
    Path file = folder.resolve("channels.nii.gz");
    NiftiFile.writeImage(file, new Volume(grid, List.of(first, second)), VoxelType.FLOAT32);

    JsonNode seen = seenByNibabel(file);

    assertThat(seen.get("shape").toString()).isEqualTo("[7,6,5,2]");
    assertThat(seen.get("corner").toString()).isEqualTo("[0.0,9.0]");
  }

  @Test
  void aRealScanKeepsItsAffineToTheLastBit(@TempDir Path folder) throws Exception {
    requireNibabel();
    Path file = folder.resolve("labels.nii.gz");
    NiftiFile.writeLabels(file, RealCt.labels());

    JsonNode seen = seenByNibabel(file);
    JsonNode original = seenByNibabel(RealCt.resource("ct-labels.nii.gz"));

    assertThat(seen).isEqualTo(original);
    assertThat(seen.get("type").asText()).isEqualTo("uint8");
  }

  private static final String WRITING =
      """
      import sys, nibabel, numpy
      x, y, z = numpy.meshgrid(range(7), range(6), range(5), indexing="ij")
      affine = numpy.array([[-0.6, 0, 1.6, 10], [0, 0.5, 0, -20], [0.8, 0, 1.2, 30], [0, 0, 0, 1]])
      kinds = [nibabel.Nifti1Image, nibabel.Nifti2Image]
      for number, kind in enumerate(kinds, 1):
          for order in "<>":
              for code in "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8".split():
                  values = ((x + 7 * y + 42 * z) % 100).astype(order + code)
                  header = kind.header_class(endianness=order)
                  header.set_data_dtype(values.dtype)
                  image = kind(values, affine, header, dtype=values.dtype)
                  name = f"nifti{number}-{'little' if order == '<' else 'big'}-{code}.nii.gz"
                  image.to_filename(f"{sys.argv[1]}/{name}")
                  print(name, image.header.endianness, image.get_data_dtype())
      """;

  @Test
  void whatNibabelWritesInAnyTypeAndByteOrderIsReadTheSame(@TempDir Path folder) throws Exception {
    requireNibabel();
    List<String> lines = python(WRITING, folder).lines().toList();
    assertThat(lines).hasSize(40);
    for (String line : lines) {
      String name = line.split(" ", 2)[0];
      Volume volume = NiftiFile.readImage(folder.resolve(name));
      assertThat(volume.grid().shape()).as(line).isEqualTo(new GridShape(5, 6, 7));
      assertThat(volume.grid().affine().at(0, 2)).as(line).isCloseTo(1.6, within(1e-6));
      float[] voxels = volume.channel(0);
      for (int index = 0; index < voxels.length; index++) {
        assertThat(voxels[index]).as(line).isEqualTo(index % 100);
      }
    }
  }

  private static void assertSameMatrix(JsonNode seen, Affine affine) {
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        assertThat(seen.get(row).get(column).asDouble())
            .isCloseTo(affine.at(row, column), within(1e-5));
      }
    }
  }

  private static void requireNibabel() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(PYTHON, "-c", "import nibabel").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      Assumptions.assumeTrue(
          process.waitFor() == 0,
          PYTHON + " has no nibabel: install it or name another Python in VOXBENCH_PYTHON");
    } catch (IOException e) {
      Assumptions.abort(
          "there is no " + PYTHON + ": name a Python with nibabel in VOXBENCH_PYTHON");
    }
  }

  private static JsonNode seenByNibabel(Path file) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(python(SCRIPT, file));
  }

  private static String python(String script, Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(PYTHON, "-c", script, file.toString()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
