package org.voxbench.steps.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/** One prepared case: memory-mapped, read-only, usable by many threads at once. */
public final class PreparedCase {

  static final String IMAGE = "image.f32";
  static final String LABELS = "labels.i8";
  static final String LOCATIONS = "locations.i32";

  private final Path folder;
  private final Description description;
  private final List<Normalization> normalization;
  private final SortedMap<Integer, Integer> locationStarts = new TreeMap<>();

  /**
   * What is known of a case besides its voxels.
   *
   * @param id the case's name
   * @param channels number of image channels
   * @param geometry the way back to the raw scan; also holds shape and spacing
   * @param voxels voxels per foreground class that is present
   * @param locations stored locations per foreground class that is present
   */
  public record Description(
      String id,
      int channels,
      CaseGeometry geometry,
      SortedMap<Integer, Long> voxels,
      SortedMap<Integer, Integer> locations) {

    public Description {
      voxels = new TreeMap<>(voxels);
      locations = new TreeMap<>(locations);
    }
  }

  PreparedCase(Path folder, Description description, List<Normalization> normalization) {
    this.folder = folder;
    this.normalization = List.copyOf(normalization);
    this.description = description;
    int at = 0;
    for (Map.Entry<Integer, Integer> entry : description.locations().entrySet()) {
      locationStarts.put(entry.getKey(), at);
      at += entry.getValue();
    }
  }

  /** The case's name, such as {@code img0001}. */
  public String id() {
    return description.id();
  }

  /** Voxels (z, y, x) as prepared. */
  public GridShape shape() {
    return description.geometry().preparedShape();
  }

  /** Spacing in mm (z, y, x) as prepared. */
  public Spacing spacing() {
    return description.geometry().preparedSpacing();
  }

  /** Number of image channels. */
  public int channels() {
    return description.channels();
  }

  /** The way back to the raw scan. */
  public CaseGeometry geometry() {
    return description.geometry();
  }

  /** The foreground classes that have at least one voxel, ascending. */
  public Set<Integer> foregroundClasses() {
    return Collections.unmodifiableSet(new TreeSet<>(description.locations().keySet()));
  }

  /** The normalised voxels (z, y, x) of one channel. */
  public ImageChannel image(int channel) {
    long bytes = shape().voxels() * Float.BYTES;
    return ImageChannel.of(
        map(IMAGE, channel * bytes, bytes).asFloatBuffer(), normalization.get(channel));
  }

  /** Class per voxel (z, y, x); -1 outside the scan's non-zero region. A view of its own. */
  public ByteBuffer labels() {
    return map(LABELS, 0, shape().voxels());
  }

  /**
   * Linear indices {@code (z * Y + y) * X + x}, ascending, of voxels of a class: all of them up to
   * 10000, else a sample of 10000 or 1 %, whichever is more (recipe section 4.5). Empty when the
   * class is absent.
   */
  public IntBuffer locations(int label) {
    Integer count = description.locations().get(label);
    Integer start = locationStarts.get(label);
    if (count == null || start == null) {
      return IntBuffer.allocate(0);
    }
    return map(LOCATIONS, (long) start * Integer.BYTES, (long) count * Integer.BYTES).asIntBuffer();
  }

  private ByteBuffer map(String name, long start, long bytes) {
    try (FileChannel channel = FileChannel.open(folder.resolve(name))) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, start, bytes)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException("case " + id() + ": cannot map " + name, e);
    }
  }
}
