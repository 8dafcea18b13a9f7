package org.voxbench.steps.download;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.PermanentStepException;

/**
 * What a phantom patient consists of, read from {@code <name>.json} beside this class. Lengths are
 * in mm, coordinates in the patient's axes (x to the right, y to the front, z to the head) with the
 * origin in the middle of the grid.
 *
 * @param modalities image channels
 * @param labels class names by voxel value
 * @param frames scans per patient, 1 or 2
 * @param sampling how the scans are sampled
 * @param air intensity per channel where no shape lies
 * @param noise standard deviation of the noise per channel; none where no shape lies and air is 0
 * @param shapes painted in order, later over earlier
 * @param absences shapes that some patients lack
 */
@SuppressWarnings("ArrayRecordComponent") // read once from JSON, never compared
record Anatomy(
    List<String> modalities,
    Map<Integer, String> labels,
    int frames,
    Sampling sampling,
    double[] air,
    double[] noise,
    List<Shape> shapes,
    List<Absence> absences) {

  private static final List<String> NAMES =
      List.of("ct-abdomen", "mr-cardiac", "mr-brain", "ct-chest");

  Anatomy {
    modalities = List.copyOf(modalities);
    labels = Map.copyOf(new TreeMap<>(labels));
    shapes = List.copyOf(shapes);
    absences = List.copyOf(absences);
  }

  /** The names of the shapes that a patient, counted from 1, lacks. */
  Set<String> lackedBy(int patient) {
    Set<String> lacked = new HashSet<>();
    for (Absence absence : absences) {
      if (patient % absence.every() == 0) {
        lacked.addAll(absence.shapes());
      }
    }
    return lacked;
  }

  /**
   * Not every patient is ill: classes that a scan does not show have to be lived with.
   *
   * @param every each patient whose number is a multiple of this lacks the shapes
   * @param shapes their names
   */
  record Absence(int every, List<String> shapes) {

    Absence {
      shapes = List.copyOf(shapes);
    }
  }

  /**
   * The grid of voxels.
   *
   * @param size voxels (z, y, x), the least
   * @param sizeRange how many more there may be (z, y, x)
   * @param spacing mm (z, y, x)
   * @param spacingRange share by which the spacing varies between patients
   * @param tilt largest rotation about each axis in degrees
   */
  record Sampling(
      int[] size, int[] sizeRange, double[] spacing, double spacingRange, double tilt) {}

  /**
   * One organ, tissue or distraction.
   *
   * @param name for other shapes to refer to
   * @param label voxel value; 0 for tissue that belongs to no class; -1 keeps the label below
   * @param points one point: an ellipsoid's centre; several: a tube's course, (x, y, z)
   * @param radii an ellipsoid's three; a tube's one
   * @param intensity per channel
   * @param vary how place, size and intensity vary between patients
   * @param with name of the shape whose displacement this one shares; null: its own
   */
  record Shape(
      String name,
      int label,
      List<double[]> points,
      double[] radii,
      double[] intensity,
      Variation vary,
      @Nullable String with) {

    Shape {
      Objects.requireNonNull(vary, name);
    }
  }

  /**
   * Half ranges of what varies between patients.
   *
   * @param place mm (x, y, z)
   * @param size share of the radii
   * @param intensity in the unit of the intensity
   * @param frame size in the second frame relative to the first; 0 means 1
   */
  record Variation(double[] place, double size, double intensity, double frame) {}

  static Anatomy named(String name) {
    if (!NAMES.contains(name)) {
      throw new PermanentStepException(
          "dataset.source.anatomy: expected one of " + NAMES + " but found " + name);
    }
    try (InputStream json = Anatomy.class.getResourceAsStream(name + ".json")) {
      return JsonMapper.builder().build().readValue(json, Anatomy.class);
    } catch (IOException e) {
      throw new IllegalStateException("the built-in anatomy " + name + " is damaged", e);
    }
  }
}
