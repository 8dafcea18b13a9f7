package org.voxbench.steps.evaluate;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One structure over all cases.
 *
 * @param key the label's number, or the region's name
 * @param name what people call it
 * @param published whether it counts in the published table's mean
 * @param counts what became of the expected cases
 * @param dice over the cases that count
 * @param hd95 in mm, likewise
 * @param assd in mm, likewise
 * @param asPublished means by the published rules over the cases that have a prediction; null when
 *     none has
 */
public record StructureSummary(
    String key,
    String name,
    boolean published,
    Counts counts,
    Statistic dice,
    Statistic hd95,
    Statistic assd,
    @Nullable AsPublished asPublished) {

  static StructureSummary of(Structure structure, List<CaseScore> cases) {
    List<StructureScore> scores =
        cases.stream().flatMap(one -> one.score(structure.key()).stream()).toList();
    return new StructureSummary(
        structure.key(),
        structure.name(),
        structure.published(),
        Counts.of(scores),
        statistic(scores, StructureScore::dice),
        statistic(distances(scores), Distances::hd95),
        statistic(distances(scores), Distances::assd),
        published(scores));
  }

  /** Whether the structure takes part in the overall means. */
  public boolean counts(boolean publishedOnly) {
    return !counts.emptyEverywhere() && (published || !publishedOnly);
  }

  private static List<Distances> distances(List<StructureScore> scores) {
    return present(scores.stream().map(StructureScore::distances)).toList();
  }

  private static <T> Statistic statistic(List<T> scores, Function<T, @Nullable Double> figure) {
    return Statistic.of(present(scores.stream().map(figure)).toList());
  }

  @SuppressWarnings("NullAway") // the filter is what removes the nulls
  private static <T> Stream<T> present(Stream<@Nullable T> values) {
    return values.filter(Objects::nonNull);
  }

  private static @Nullable AsPublished published(List<StructureScore> scores) {
    List<AsPublished> seen = present(scores.stream().map(StructureScore::asPublished)).toList();
    return seen.isEmpty() ? null : mean(seen);
  }

  static AsPublished mean(List<AsPublished> scores) {
    return new AsPublished(
        scores.stream().mapToDouble(AsPublished::dice).average().orElseThrow(),
        scores.stream().mapToDouble(AsPublished::hd95Voxels).average().orElseThrow());
  }
}
