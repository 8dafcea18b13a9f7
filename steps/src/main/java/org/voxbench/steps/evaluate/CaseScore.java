package org.voxbench.steps.evaluate;

import java.util.List;
import java.util.Optional;

/**
 * The scores of one case in the space of its original image.
 *
 * @param name the case
 * @param failure why there is no prediction; empty when there is one
 * @param shape voxels (z, y, x); empty when no image could be read
 * @param spacing mm (z, y, x); empty when no image could be read
 * @param scores one per structure, in the order of the request
 */
public record CaseScore(
    String name,
    String failure,
    List<Integer> shape,
    List<Double> spacing,
    List<StructureScore> scores) {

  public CaseScore {
    shape = List.copyOf(shape);
    spacing = List.copyOf(spacing);
    scores = List.copyOf(scores);
  }

  /** Whether the case counts with the worst scores because it has no prediction. */
  public boolean failed() {
    return !failure.isEmpty();
  }

  /** The score of one structure. */
  public Optional<StructureScore> score(String key) {
    return scores.stream().filter(score -> score.key().equals(key)).findFirst();
  }
}
