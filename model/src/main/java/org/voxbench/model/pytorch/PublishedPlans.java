package org.voxbench.model.pytorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the data were prepared that a published checkpoint was trained with: what nnU-Net's plans in
 * the {@code .pkl} beside it say (recipe section 4.6). Read like the checkpoint, executing nothing.
 *
 * @param file where it stands
 * @param spacing mm (z, y, x) of the training data
 * @param patch voxels (z, y, x)
 * @param batch samples in a step
 * @param modalities image channels
 * @param classes labels, background included
 * @param normalization of each channel: {@code CT} or {@code nonCT}
 * @param intensities of CT over the foreground: percentiles 0.5 and 99.5, mean, standard deviation;
 *     empty where the plans have none
 */
public record PublishedPlans(
    Path file,
    List<Double> spacing,
    List<Integer> patch,
    int batch,
    int modalities,
    int classes,
    List<String> normalization,
    List<Double> intensities) {

  private static final long LARGEST = 64 << 20;

  public PublishedPlans {
    spacing = List.copyOf(spacing);
    patch = List.copyOf(patch);
    normalization = List.copyOf(normalization);
    intensities = List.copyOf(intensities);
  }

  /**
   * The plans beside a checkpoint; empty where there is no such file.
   *
   * @throws UnreadableWeightsException where it is damaged, has no plans or asks for anything but
   *     plain values
   */
  public static Optional<PublishedPlans> beside(Path checkpoint) throws IOException {
    Path file = checkpoint.resolveSibling(checkpoint.getFileName() + ".pkl");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > LARGEST) {
      throw new UnreadableWeightsException(
          file, "has %d bytes; plans have far fewer".formatted(Files.size(file)));
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    Object value = new Unpickler(new PickleInput(file, "plans", bytes)).load();
    return Optional.of(of(file, value));
  }

  private static PublishedPlans of(Path file, Object value) throws UnreadableWeightsException {
    Object plans = at(value, "plans");
    Object stage = last(at(plans, "plans_per_stage"));
    List<Double> spacing = numbers(at(stage, "current_spacing"));
    List<Double> patch = numbers(at(stage, "patch_size"));
    if (spacing.size() != 3 || patch.size() != 3) {
      throw new UnreadableWeightsException(
          file,
          "expected plans with current_spacing and patch_size (z, y, x) but found none; it is not"
              + " the file that was written beside the checkpoint");
    }
    return new PublishedPlans(
        file,
        spacing,
        patch.stream().map(Double::intValue).toList(),
        whole(at(stage, "batch_size")),
        whole(at(plans, "num_modalities")),
        whole(at(plans, "num_classes")) + 1,
        texts(at(plans, "normalization_schemes")),
        intensities(at(at(at(plans, "dataset_properties"), "intensityproperties"), 0L)));
  }

  private static List<Double> intensities(@Nullable Object channel) {
    List<Double> found = new ArrayList<>();
    for (String name : List.of("percentile_00_5", "percentile_99_5", "mean", "sd")) {
      if (at(channel, name) instanceof Number number) {
        found.add(number.doubleValue());
      }
    }
    return found.size() == 4 ? found : List.of();
  }

  private static @Nullable Object at(@Nullable Object value, Object key) {
    return value instanceof Map<?, ?> map ? map.get(key) : null;
  }

  /** The stage that is trained is the last one: full resolution. */
  private static @Nullable Object last(@Nullable Object stages) {
    if (stages instanceof Map<?, ?> map) {
      return map.keySet().stream()
          .filter(Long.class::isInstance)
          .map(Long.class::cast)
          .max(Comparator.naturalOrder())
          .map(map::get)
          .orElse(null);
    }
    return null;
  }

  private static int whole(@Nullable Object value) {
    return value instanceof Number number ? number.intValue() : 0;
  }

  private static List<Double> numbers(@Nullable Object value) {
    List<Double> numbers = new ArrayList<>();
    for (Object item : items(value)) {
      if (item instanceof Number number) {
        numbers.add(number.doubleValue());
      }
    }
    return numbers;
  }

  private static List<String> texts(@Nullable Object value) {
    List<?> items = value instanceof Map<?, ?> map ? List.copyOf(map.values()) : items(value);
    return items.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  private static List<?> items(@Nullable Object value) {
    if (value instanceof Numpy.Array array) {
      return array.items();
    }
    if (value instanceof PickleValues.Tuple tuple) {
      return tuple.items();
    }
    return value instanceof List<?> list ? list : List.of();
  }
}
