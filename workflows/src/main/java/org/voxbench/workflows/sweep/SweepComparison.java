package org.voxbench.workflows.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.sweep.SweepRun.Cell;

/**
 * Compares a sweep with the one before, case by case. Cells that differ in their seed alone are no
 * witnesses of their own: the differences of a case are averaged over them first.
 */
public final class SweepComparison {

  /** Below this a two-sided test calls a difference no accident. */
  private static final double LEVEL = 0.05;

  /** A smaller mean difference of Dice is of no use to anybody, however sure. */
  private static final double RELEVANT = 0.005;

  /** A mean loss that somebody should look at although there are too few cases for a test. */
  private static final double LARGE = 0.05;

  private static final String SEED = "seed";

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
   * @param pairs cases that both have, each counted once whatever the number of seeds
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
      String sentence) {

    /** Whether so much was lost that somebody should look, though no test can decide. */
    public boolean suspicious() {
      return verdict == Verdict.NOT_DECIDABLE && difference <= -LARGE;
    }
  }

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
    Map<String, List<Double>> differences = new TreeMap<>();
    Worst worst = new Worst();
    for (Cell cell : now.cells()) {
      String other = earlier.get(cell.label());
      String run = cell.run();
      if (other != null && run != null) {
        pair(cell, dice.apply(other), dice.apply(run), differences, worst);
      }
    }
    double[] means =
        differences.values().stream()
            .mapToDouble(all -> all.stream().mapToDouble(d -> d).average().orElse(0))
            .toArray();
    return judged(before.id(), now.id(), means, worst.words);
  }

  private static void pair(
      Cell cell,
      Map<String, Double> then,
      Map<String, Double> now,
      Map<String, List<Double>> differences,
      Worst worst) {
    for (Map.Entry<String, Double> one : now.entrySet()) {
      Double was = then.get(one.getKey());
      if (was != null) {
        String witness = withoutSeed(cell) + "/" + one.getKey();
        differences.computeIfAbsent(witness, key -> new ArrayList<>()).add(one.getValue() - was);
        worst.see(one.getKey() + " of " + cell.label(), was, one.getValue());
      }
    }
  }

  private static String withoutSeed(Cell cell) {
    Map<String, String> values = new LinkedHashMap<>(cell.values());
    values.remove(SEED);
    return values.toString();
  }

  /** The case of a cell that lost most. */
  private static final class Worst {
    private double deepest;
    private @Nullable String words;

    void see(String what, double was, double is) {
      if (is - was < deepest) {
        deepest = is - was;
        words = String.format(Locale.ROOT, "%s: %.4f -> %.4f", what, was, is);
      }
    }
  }

  private static Comparison judged(
      String before, String now, double[] differences, @Nullable String worst) {
    double difference = Arrays.stream(differences).average().orElse(0);
    int different = SignedRank.count(differences);
    Double p = null;
    Verdict verdict =
        different == 0 && differences.length > 0 ? Verdict.UNCHANGED : Verdict.NOT_DECIDABLE;
    if (different >= SignedRank.FEWEST) {
      p = SignedRank.p(differences);
      boolean sure = p < LEVEL && Math.abs(difference) >= RELEVANT;
      verdict = !sure ? Verdict.UNCHANGED : difference < 0 ? Verdict.REGRESSED : Verdict.IMPROVED;
    }
    String test =
        p == null
            ? ", of which "
                + different
                + " differ: too few for a test, which needs "
                + SignedRank.FEWEST
            : String.format(Locale.ROOT, ", p = %.4f (Wilcoxon signed-rank, two-sided)", p);
    String sentence =
        String.format(
            Locale.ROOT,
            "sweep %s against %s: %s; Dice %+.4f on average over %d cases%s%s",
            now,
            before,
            verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            difference,
            differences.length,
            test,
            worst == null ? "" : "; worst: " + worst);
    return new Comparison(before, now, verdict, differences.length, difference, p, worst, sentence);
  }
}
