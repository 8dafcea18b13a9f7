package org.voxbench.workflows.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.hipparchus.stat.inference.WilcoxonSignedRankTest;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.sweep.SweepRun.Cell;

/** Compares a sweep with the one before, case by case. */
public final class SweepComparison {

  /** Below this a two-sided test calls a difference no accident. */
  private static final double LEVEL = 0.05;

  /** With fewer pairs the test cannot reach the level whatever the figures: 2 / 2^5 = 0.0625. */
  private static final int FEWEST = 6;

  /** A smaller mean difference of Dice is of no use to anybody, however sure. */
  private static final double RELEVANT = 0.005;

  private SweepComparison() {}

  /** What came of it. */
  public enum Verdict {
    REGRESSED,
    IMPROVED,
    UNCHANGED,
    /** Too few pairs for any test. */
    NOT_DECIDABLE
  }

  /**
   * The comparison.
   *
   * @param before id of the earlier sweep
   * @param now id of the later one
   * @param pairs cases that both have
   * @param difference mean of the later minus the earlier Dice
   * @param p of the Wilcoxon signed-rank test, two-sided; null with too few pairs
   * @param worst the case that lost most, and how much, or null
   * @param sentence all of this in words
   */
  public record Comparison(
      String before,
      String now,
      Verdict verdict,
      int pairs,
      double difference,
      @Nullable Double p,
      @Nullable String worst,
      String sentence) {}

  /**
   * Compares.
   *
   * @param dice gives the Dice of each case of a run, by name
   */
  public static Comparison of(
      SweepRun before, SweepRun now, Function<String, Map<String, Double>> dice) {
    Map<String, String> earlier = new HashMap<>();
    for (Cell cell : before.cells()) {
      if (cell.run() != null) {
        earlier.put(cell.label(), cell.run());
      }
    }
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    String worst = null;
    double deepest = 0;
    for (Cell cell : now.cells()) {
      String other = earlier.get(cell.label());
      String run = cell.run();
      if (other == null || run == null) {
        continue;
      }
      Map<String, Double> then = dice.apply(other);
      for (Map.Entry<String, Double> one : dice.apply(run).entrySet()) {
        Double was = then.get(one.getKey());
        if (was != null) {
          x.add(was);
          y.add(one.getValue());
          if (one.getValue() - was < deepest) {
            deepest = one.getValue() - was;
            worst =
                String.format(
                    Locale.ROOT,
                    "%s of %s: %.4f -> %.4f",
                    one.getKey(),
                    cell.label(),
                    was,
                    one.getValue());
          }
        }
      }
    }
    return judged(before.id(), now.id(), x, y, worst);
  }

  private static Comparison judged(
      String before, String now, List<Double> x, List<Double> y, @Nullable String worst) {
    double[] earlier = x.stream().mapToDouble(Double::doubleValue).toArray();
    double[] later = y.stream().mapToDouble(Double::doubleValue).toArray();
    double sum = 0;
    int different = 0;
    for (int i = 0; i < later.length; i++) {
      sum += later[i] - earlier[i];
      different += later[i] != earlier[i] ? 1 : 0;
    }
    double difference = later.length == 0 ? 0 : sum / later.length;
    Double p = null;
    Verdict verdict =
        different == 0 && later.length > 0 ? Verdict.UNCHANGED : Verdict.NOT_DECIDABLE;
    if (different >= FEWEST) {
      boolean exact = later.length <= 30;
      p = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(earlier, later, exact);
      boolean sure = p < LEVEL && Math.abs(difference) >= RELEVANT;
      verdict = !sure ? Verdict.UNCHANGED : difference < 0 ? Verdict.REGRESSED : Verdict.IMPROVED;
    }
    String sentence =
        String.format(
            Locale.ROOT,
            "sweep %s against %s: %s; Dice %+.4f on average over %d cases%s%s",
            now,
            before,
            verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            difference,
            later.length,
            p == null
                ? ", of which " + different + " differ: too few for a test, which needs " + FEWEST
                : String.format(Locale.ROOT, ", p = %.4f (Wilcoxon signed-rank, two-sided)", p),
            worst == null ? "" : "; worst: " + worst);
    return new Comparison(before, now, verdict, later.length, difference, p, worst, sentence);
  }
}
