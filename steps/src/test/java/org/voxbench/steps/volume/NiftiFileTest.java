package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class NiftiFileTest {

  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("nifti");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 100)
  void whatIsWrittenIsReadAgain(
      @ForAll @IntRange(min = 1, max = 9) int z,
      @ForAll @IntRange(min = 1, max = 9) int y,
      @ForAll @IntRange(min = 1, max = 9) int x,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll boolean compressed,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    GridShape shape = new GridShape(z, y, x);
    Grid grid = Grid.of(shape, new Spacing(2.5, 0.75, 0.5));
    List<float[]> voxels =
        random
            .ints(channels)
            .mapToObj(
                channel -> {
                  float[] values = new float[shape.arrayLength()];
                  for (int index = 0; index < values.length; index++) {
                    values[index] = random.nextInt(65536) - 32768;
                  }
                  return values;
                })
            .toList();
    VoxelType type = random.nextBoolean() ? VoxelType.INT16 : VoxelType.FLOAT32;
    Path file = folder.resolve(compressed ? "v.nii.gz" : "v.nii");

    NiftiFile.writeImage(file, new Volume(grid, voxels), type);
    Volume read = NiftiFile.readImage(file, AffineRule.REFUSE);

    assertThat(read.grid()).isEqualTo(grid);
    assertThat(read.channels()).containsExactlyElementsOf(voxels);
  }

  @Property(tries = 200)
  void anAffineSurvivesAsQformAndAsSform(
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double yaw,
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double pitch,
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double roll,
      @ForAll boolean flipped)
      throws IOException {
    Affine affine = rotation(yaw, pitch, roll, flipped);
    GridShape shape = new GridShape(20, 30, 40);
    Path file = folder.resolve("affine.nii");
    NiftiFile.writeLabels(
        file, new LabelVolume(Grid.of(shape, affine), new byte[shape.arrayLength()]));

    Grid byQform = NiftiFile.header(file, AffineRule.QFORM).grid();
    Grid bySform = NiftiFile.header(file, AffineRule.SFORM).grid();

    // Near half a turn the format rebuilds the quaternion's first part from what float32 leaves of
    // 1 - b^2 - c^2 - d^2: an angle of up to sqrt(2^-23), some hundredths of a millimetre here.
    assertThat(byQform.affine().cornerDistance(affine, shape)).isLessThan(0.1);
    assertThat(bySform.affine().cornerDistance(affine, shape)).isLessThan(1e-4);
    assertThat(NiftiFile.header(file, AffineRule.REFUSE).grid()).isEqualTo(byQform);
  }

  @Property(tries = 100)
  void everyTypeIsReadInBothByteOrders(
      @ForAll VoxelType type,
      @ForAll boolean big,
      @ForAll boolean second,
      @ForAll @IntRange(min = 0, max = 120) int value,
      @ForAll @IntRange(min = 0, max = 23) int place)
      throws IOException {
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer bytes = second ? HeaderBytes.nifti2(order, type) : HeaderBytes.nifti1(order, type);
    int start = second ? 544 : 352;
    HeaderBytes.putVoxel(bytes, start + place * type.bytes(), type, value);
    if (second) {
      bytes.putDouble(176, 2).putDouble(184, -10);
    } else {
      bytes.putFloat(112, 2).putFloat(116, -10);
    }
    Path file = Files.write(folder.resolve("type.nii"), HeaderBytes.copy(bytes));

    float[] voxels = NiftiFile.readImage(file).channel(0);

    assertThat(voxels).hasSize(24);
    assertThat(voxels[place]).isEqualTo(2 * value - 10);
    assertThat(voxels[(place + 1) % 24]).isEqualTo(-10);
  }

  @Example
  void largestValuesKeepTheirSign() throws IOException {
    Object[][] largest = {
      {VoxelType.UINT8, 255L, 255f},
      {VoxelType.UINT16, 65535L, 65535f},
      {VoxelType.UINT32, 4294967295L, 0x1p32f},
      {VoxelType.UINT64, -1L, 0x1p64f},
      {VoxelType.INT8, -128L, -128f},
      {VoxelType.INT64, Long.MIN_VALUE, -0x1p63f}
    };
    for (Object[] one : largest) {
      VoxelType type = (VoxelType) one[0];
      ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.BIG_ENDIAN, type);
      HeaderBytes.putVoxel(bytes, 352, type, (Long) one[1]);
      Path file = Files.write(folder.resolve("largest.nii"), HeaderBytes.copy(bytes));
      assertThat(NiftiFile.readImage(file).channel(0)[0]).as("%s", type).isEqualTo((Float) one[2]);
    }
  }

  @Example
  void aScanIsWrittenBackWithTheVeryHeaderFieldsItCameWith() throws IOException {
    Volume ct = RealCt.image();
    Path file = folder.resolve("back.nii.gz");

    NiftiFile.writeImage(file, ct, VoxelType.INT16);
    Volume again = NiftiFile.readImage(file);

    assertThat(again.grid()).isEqualTo(ct.grid());
    assertThat(again.channel(0)).isEqualTo(ct.channel(0));
    assertThat(ct.grid().shape()).isEqualTo(new GridShape(112, 101, 122));
    assertThat(ct.grid().affine().at(0, 3)).isCloseTo(-177.956, within(1e-3));
  }

  @Example
  void disagreeingAffinesAreChosenByTheRule() throws IOException {
    ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    bytes.putShort(252, (short) 1).putFloat(268, 7);
    bytes.putShort(254, (short) 1);
    for (int axis = 0; axis < 3; axis++) {
      bytes.putFloat(280 + 20 * axis, 1);
    }
    Path file = Files.write(folder.resolve("disagree.nii"), HeaderBytes.copy(bytes));

    assertThat(NiftiFile.header(file, AffineRule.QFORM).grid().affine().at(0, 3)).isEqualTo(7);
    assertThat(NiftiFile.header(file, AffineRule.SFORM).grid().affine().at(0, 3)).isEqualTo(0);
    assertThat(catchThrowable(() -> NiftiFile.header(file, AffineRule.REFUSE)))
        .hasMessage(
            file
                + ": expected qform and sform to agree but they place a corner 7.000 mm apart; choose the affine rule qform or sform for this dataset");
  }

  @Example
  void anAxisLongerThanNifti1HoldsIsWrittenAsNifti2() throws IOException {
    GridShape shape = new GridShape(1, 1, 40_000);
    LabelVolume labels =
        new LabelVolume(Grid.of(shape, new Spacing(1, 1, 1)), new byte[shape.arrayLength()]);
    Path file = folder.resolve("long.nii");

    NiftiFile.writeLabels(file, labels);

    assertThat(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getInt())
        .isEqualTo(540);
    assertThat(NiftiFile.readLabels(file).grid()).isEqualTo(labels.grid());
  }

  private static Affine rotation(double yaw, double pitch, double roll, boolean flipped) {
    double[][] m = multiply(turn(2, yaw), multiply(turn(1, pitch), turn(0, roll)));
    double[] scale = {0.7, 0.8, flipped ? -3 : 3};
    double[] rows = new double[12];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        rows[row * 4 + column] = m[row][column] * scale[column];
      }
      rows[row * 4 + 3] = 10 * row - 100;
    }
    return Affine.of(rows);
  }

  private static double[][] turn(int axis, double angle) {
    int one = (axis + 1) % 3;
    int other = (axis + 2) % 3;
    double[][] m = new double[3][3];
    m[axis][axis] = 1;
    m[one][one] = Math.cos(angle);
    m[other][other] = Math.cos(angle);
    m[one][other] = -Math.sin(angle);
    m[other][one] = Math.sin(angle);
    return m;
  }

  private static double[][] multiply(double[][] a, double[][] b) {
    double[][] m = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int k = 0; k < 3; k++) {
          m[row][column] += a[row][k] * b[k][column];
        }
      }
    }
    return m;
  }
}
