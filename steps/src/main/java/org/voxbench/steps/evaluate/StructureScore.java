package org.voxbench.steps.evaluate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well one structure of one case was found.
 *
 * @param key the structure
 * @param outcome which masks were empty
 * @param truthVoxels voxels of the truth; 0 when the case failed
 * @param predictionVoxels voxels of the prediction; 0 when the case failed
 * @param dice in [0, 1]; null where both masks are empty
 * @param distances null where both masks are empty
 * @param asPublished null when the case failed: the published scripts never see such a case
 * @param farthest the voxel (z, y, x) of the largest surface distance, or the middle one of the
 *     only surface; empty when there is none
 */
public record StructureScore(
    String key,
    Outcome outcome,
    long truthVoxels,
    long predictionVoxels,
    @Nullable Double dice,
    @Nullable Distances distances,
    @Nullable AsPublished asPublished,
    List<Integer> farthest) {

  public StructureScore {
    farthest = List.copyOf(farthest);
  }

  /** The worst score there is, for a case without prediction. */
  static StructureScore failed(String key, double diagonal) {
    return new StructureScore(
        key, Outcome.FAILED, 0, 0, 0.0, Distances.worst(diagonal), null, List.of());
  }
}
