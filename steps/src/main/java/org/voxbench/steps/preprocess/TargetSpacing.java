package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Optional;
import org.voxbench.steps.volume.Spacing;

/**
 * The spacing all cases are brought to; in YAML {@code auto} or {@code [z, y, x]} in mm.
 *
 * @param fixed empty for the published rule
 */
public record TargetSpacing(Optional<Spacing> fixed) {

  /** The published rule: the dataset's median. */
  public static final TargetSpacing AUTO = new TargetSpacing(Optional.empty());

  /**
   * Reads the YAML value.
   *
   * @throws IllegalArgumentException when it is neither {@code auto} nor three numbers above 0
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static TargetSpacing of(Object value) {
    if (value.equals("auto")) {
      return AUTO;
    }
    if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
      double[] zyx = list.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
      return new TargetSpacing(Optional.of(Spacing.of(zyx)));
    }
    throw new IllegalArgumentException("spacing: expected auto or [z, y, x] but found " + value);
  }

  /** The YAML value. */
  @JsonValue
  public Object value() {
    return fixed.<Object>map(Spacing::toArray).orElse("auto");
  }
}
