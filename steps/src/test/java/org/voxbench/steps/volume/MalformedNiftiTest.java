package org.voxbench.steps.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that lie: each is refused by name, cheaply, and the message says how to mend it. */
class MalformedNiftiTest {

  @TempDir static Path folder = Path.of("");

  /** nifti_clib #196: 377 bytes whose header asks for 18 GB. */
  static byte[] asksFor18Gigabytes() {
    ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.FLOAT64);
    short[] dim = {3, 1344, 1344, 1300};
    for (int index = 0; index < 4; index++) {
      bytes.putShort(40 + 2 * index, dim[index]);
    }
    return Arrays.copyOf(HeaderBytes.copy(bytes), 377);
  }

  /** nifti_clib #197: a NIfTI-2 header with more dimensions than there are. */
  static byte[] tooManyDimensions() {
    ByteBuffer bytes = HeaderBytes.nifti2(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    bytes.putLong(16, 0x0102030405060708L);
    return HeaderBytes.copy(bytes);
  }

  /** epam/mriviewer #249: voxels said to start inside the header. */
  static byte[] voxelsInsideTheHeader() {
    ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    bytes.putFloat(108, 76.5f);
    return HeaderBytes.copy(bytes);
  }

  /** NIFTI-Reader-JS #35: the extension flag is set but no extension follows. */
  static byte[] dirtyExtensionFlag() {
    ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    bytes.put(348, (byte) 99);
    bytes.putShort(352, (short) 321);
    return HeaderBytes.copy(bytes);
  }

  /** bids legacy-validator #1135: a gzip file that ends before the header does. */
  static byte[] shortGzip() throws IOException {
    byte[] whole =
        HeaderBytes.gzip(HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16).array());
    return Arrays.copyOf(whole, 30);
  }

  @Test
  void aHeaderThatAsksForMoreThanTheFileHoldsIsRefusedBeforeMemoryIsTaken() throws IOException {
    Path file = file("huge.nii", asksFor18Gigabytes());

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessage(
            file
                + ": expected 18785894400 bytes of voxels (1300x1344x1344, 1 channels, FLOAT64) but the file of 377 bytes can hold at most 25; it is cut off or its header is wrong: fetch it again");
  }

  @Test
  void aCompressedHeaderThatAsksForMoreThanDeflateCanGiveIsRefused() throws IOException {
    Path file = file("huge.nii.gz", HeaderBytes.gzip(asksFor18Gigabytes()));

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("expected 18785894400 bytes of voxels")
        .hasMessageContaining("fetch it again");
  }

  @Test
  void aNumberOfDimensionsBeyondSevenIsRefused() throws IOException {
    Path file = file("dimensions.nii", tooManyDimensions());

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageStartingWith(
            file + ": header field dim[0]: expected 1 to 7 dimensions but found 72623859790382856");
  }

  @Test
  void dimensionsWhoseProductOverflowsAreRefused() throws IOException {
    Path file =
        changed2(
            "overflow.nii",
            bytes -> {
              bytes.putLong(24, Integer.MAX_VALUE);
              bytes.putLong(32, Integer.MAX_VALUE);
              bytes.putLong(40, 4);
            });

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("header field dim: expected fewer than 2^60 voxels");
  }

  @Test
  void anOffsetInsideTheHeaderIsRefused() throws IOException {
    Path file = file("offset.nii", voxelsInsideTheHeader());

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessage(
            file
                + ": header field vox_offset: expected a whole number of at least 352 but found 76.5; fetch the file again or write it anew with nibabel");
  }

  @Test
  void anOffsetBeyondTheFileIsRefused() throws IOException {
    for (float offset : new float[] {1e6f, Float.POSITIVE_INFINITY, Float.NaN, 3e38f}) {
      Path file = changed("beyond.nii", bytes -> bytes.putFloat(108, offset));
      assertThatThrownBy(() -> NiftiFile.readImage(file))
          .isInstanceOf(MalformedVolumeException.class)
          .hasMessageContaining("vox_offset");
    }
  }

  @Test
  void aDirtyExtensionFlagDoesNotMoveTheVoxels() throws IOException {
    Volume volume = NiftiFile.readImage(file("dirty.nii", dirtyExtensionFlag()));

    assertThat(volume.channel(0)[0]).isEqualTo(321);
  }

  @Test
  void aGzipFileThatEndsInTheHeaderIsRefused() throws IOException {
    Path file = file("short.nii.gz", shortGzip());

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessage(
            file
                + ": expected a whole NIfTI file but the data end early or are damaged (unexpected end of the compressed data); fetch it again");
  }

  @Test
  void aTruncatedFileIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(RealCt.resource("ct.nii.gz"));
    Path file = file("cut.nii.gz", Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("cut.nii.gz: expected a whole NIfTI file but the data end early");
  }

  @Test
  void aFlippedBitInACompressedFileIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(RealCt.resource("ct-labels.nii.gz"));
    bytes[bytes.length / 2] ^= 4;
    Path file = file("flipped.nii.gz", bytes);

    assertThatThrownBy(() -> NiftiFile.readLabels(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("flipped.nii.gz");
  }

  @Test
  void anArchiveBombBehindTheVoxelsIsNotUnpacked() throws IOException {
    byte[] sound = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16).array();
    Path file = file("bomb.nii.gz", HeaderBytes.gzip(Arrays.copyOf(sound, 50_000_000)));

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("it goes on for more than 1 MiB");
  }

  @Test
  void colourAndComplexVoxelsAreRefused() throws IOException {
    Path file = changed("colour.nii", bytes -> bytes.putShort(70, (short) 128));

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .hasMessageContaining("header field datatype: expected one real number per voxel")
        .hasMessageContaining("but found 128");
  }

  @Test
  void aPairHeaderIsRefusedWithTheWayToJoinIt() throws IOException {
    Path file = changed("pair.nii", bytes -> bytes.put(345, (byte) 'i'));

    assertThatThrownBy(() -> NiftiFile.readImage(file)).hasMessageContaining(".hdr/.img pair");
  }

  @Test
  void somethingElseIsRefusedAsNoNifti() throws IOException {
    Path file = file("dicom.nii", new byte[1000]);

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .hasMessageContaining("this is no NIfTI file: convert it, for example with dcm2niix");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = file("empty.nii", new byte[0]);

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .hasMessageContaining("expected a NIfTI header of 348 bytes but the file ends after 0");
  }

  @Test
  void aSpacingOfZeroIsRefused() throws IOException {
    Path file = changed("spacing.nii", bytes -> bytes.putFloat(80, 0));

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .hasMessageContaining("header field pixdim[1]: expected millimetres above 0");
  }

  @Test
  void aQuaternionLongerThanOneIsRefused() throws IOException {
    Path file =
        changed(
            "quaternion.nii",
            bytes -> {
              bytes.putShort(252, (short) 1);
              bytes.putFloat(256, 0.9f);
              bytes.putFloat(260, 0.9f);
            });

    assertThatThrownBy(() -> NiftiFile.readImage(file))
        .hasMessageContaining("quatern_b, c, d: expected at most length 1");
  }

  @Test
  void aLabelThatIsNoWholeNumberIsRefusedWithItsPlace() throws IOException {
    Grid grid = Grid.of(new GridShape(2, 2, 2), new Spacing(1, 1, 1));
    Path file = folder.resolve("half.nii");
    NiftiFile.writeImage(
        file, Volume.of(grid, new float[] {0, 1, 0, 0, 0, 0.5f, 0, 0}), VoxelType.FLOAT32);

    assertThatThrownBy(() -> NiftiFile.readLabels(file))
        .hasMessageContaining("voxel (z, y, x) = (1, 0, 1) holds 0.5");
  }

  /** Mutations of the five files above end in a volume or in a named refusal, never otherwise. */
  @Test
  void mutatedFilesNeverBreakTheReader() throws IOException {
    byte[][] seeds = {
      asksFor18Gigabytes(),
      tooManyDimensions(),
      voxelsInsideTheHeader(),
      dirtyExtensionFlag(),
      shortGzip()
    };
    Random random = new Random(20);
    Path file = folder.resolve("mutant.nii");
    int read = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] mutant = mutate(seeds[round % seeds.length].clone(), random);
      Files.write(file, mutant);
      try {
        assertThat(NiftiFile.readImage(file).channels()).isNotEmpty();
        read++;
      } catch (MalformedVolumeException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int[] interesting = {0, 1, 4, 16, 24, 40, 42, 44, 46, 48, 70, 72, 80, 108, 112, 252, 254, 344};
    for (int change = random.nextInt(4); change >= 0; change--) {
      int at =
          random.nextBoolean()
              ? interesting[random.nextInt(interesting.length)]
              : random.nextInt(bytes.length);
      if (at < bytes.length) {
        bytes[at] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Path changed(String name, Consumer<ByteBuffer> change) throws IOException {
    ByteBuffer bytes = HeaderBytes.nifti1(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    change.accept(bytes);
    return file(name, HeaderBytes.copy(bytes));
  }

  private static Path changed2(String name, Consumer<ByteBuffer> change) throws IOException {
    ByteBuffer bytes = HeaderBytes.nifti2(ByteOrder.LITTLE_ENDIAN, VoxelType.INT16);
    change.accept(bytes);
    return file(name, HeaderBytes.copy(bytes));
  }
}
