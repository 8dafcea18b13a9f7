package org.voxbench.steps.evaluate;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Means over structures of their means over cases.
 *
 * @param structures how many structures count
 * @param excluded how many do not, because no case has a voxel of them in truth or prediction
 * @param dice null when no structure counts; likewise the others
 * @param hd95 mm
 * @param assd mm
 * @param asPublished by the published rules, over all structures asked for, empty ones included
 */
public record Overall(
    int structures,
    int excluded,
    @Nullable Double dice,
    @Nullable Double hd95,
    @Nullable Double assd,
    @Nullable AsPublished asPublished) {

  static Overall of(List<StructureSummary> summaries, boolean publishedOnly) {
    List<StructureSummary> asked =
        summaries.stream().filter(one -> one.published() || !publishedOnly).toList();
    List<StructureSummary> counting =
        asked.stream().filter(one -> !one.counts().emptyEverywhere()).toList();
    List<AsPublished> published =
        present(asked.stream().map(StructureSummary::asPublished)).toList();
    return new Overall(
        counting.size(),
        asked.size() - counting.size(),
        mean(counting, one -> one.dice().mean()),
        mean(counting, one -> one.hd95().mean()),
        mean(counting, one -> one.assd().mean()),
        published.isEmpty() ? null : StructureSummary.mean(published));
  }

  private static @Nullable Double mean(
      List<StructureSummary> summaries, Function<StructureSummary, @Nullable Double> figure) {
    return Statistic.of(present(summaries.stream().map(figure)).toList()).mean();
  }

  @SuppressWarnings("NullAway") // the filter is what removes the nulls
  private static <T> Stream<T> present(Stream<@Nullable T> values) {
    return values.filter(Objects::nonNull);
  }
}
