package org.voxbench.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.voxbench.workflows.sweep.SweepComparison.Comparison;
import org.voxbench.workflows.sweep.SweepComparison.Verdict;

class SweepComparisonTest {

  private static SweepRun sweep(String id) {
    SweepRun.Order order = new SweepRun.Order(true, 1, 0, null, null, "weekly");
    return new SweepRun(
        id,
        "s",
        SweepRun.State.SUCCEEDED,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        order,
        List.of(new SweepRun.Cell(Map.of("seed", "1"), "c", id + "-run")));
  }

  /** Compares a sweep whose cases lost so much, each a little differently, with one before. */
  private static Comparison compare(int cases, double lost) {
    Map<String, Double> before = new TreeMap<>();
    Map<String, Double> now = new TreeMap<>();
    for (int i = 0; i < cases; i++) {
      before.put("case-" + i, 0.8 + 0.01 * i);
      now.put("case-" + i, 0.8 + 0.01 * i - lost * (1 + 0.1 * i));
    }
    return SweepComparison.of(
        sweep("s-1"), sweep("s-2"), run -> run.equals("s-1-run") ? before : now);
  }

  @Test
  void aLossInEveryOfEightCasesIsARegression() {
    Comparison comparison = compare(8, 0.02);

    assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
    assertThat(comparison.p()).isCloseTo(2.0 / 256, org.assertj.core.api.Assertions.within(1e-9));
    assertThat(comparison.sentence()).contains("s-2 against s-1: regressed", "case-7 of seed=1");
  }

  @Test
  void aGainIsAnImprovementAndATrifleIsNothing() {
    assertThat(compare(8, -0.02).verdict()).isEqualTo(Verdict.IMPROVED);
    assertThat(compare(8, 0.0001).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(compare(8, 0).verdict()).isEqualTo(Verdict.UNCHANGED);
  }

  @Test
  void fiveCasesCannotDecideAnything() {
    Comparison comparison = compare(5, 0.3);

    assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_DECIDABLE);
    assertThat(comparison.p()).isNull();
    assertThat(comparison.sentence()).contains("too few");
  }

  /** Seeds 1 and 2 of one case each, and so many cases. */
  private static SweepRun seeds(String id, int seeds) {
    SweepRun.Order order = new SweepRun.Order(true, 1, 0, null, null, "weekly");
    List<SweepRun.Cell> cells = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      cells.add(new SweepRun.Cell(Map.of("seed", "" + seed), "c", id + "-run-" + seed));
    }
    return new SweepRun(
        id, "s", SweepRun.State.SUCCEEDED, Instant.EPOCH, Instant.EPOCH, null, order, cells);
  }

  @Test
  void seedsOfOneCaseAreNoCasesOfTheirOwn() {
    Comparison comparison =
        SweepComparison.of(
            seeds("s-1", 6),
            seeds("s-2", 6),
            run ->
                Map.of("case-1", 0.8 - (run.startsWith("s-2") ? 0.02 : 0) - run.length() * 0.01));

    assertThat(comparison.pairs()).isEqualTo(1);
    assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_DECIDABLE);
    assertThat(comparison.suspicious()).isFalse();
  }

  @Test
  void aCollapseIsSuspiciousHoweverFewTheCases() {
    assertThat(compare(3, 0.3).suspicious()).isTrue();
    assertThat(compare(3, 0.01).suspicious()).isFalse();
    assertThat(compare(8, 0.3).suspicious()).as("it is decided").isFalse();
  }

  @Test
  void casesThatStayedTheSameDoNotCountAsLosses() {
    Map<String, Double> before = new TreeMap<>();
    Map<String, Double> now = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      before.put("case-" + i, 0.8);
      now.put("case-" + i, i < 6 ? 0.83 + 0.01 * i : 0.8);
    }

    Comparison comparison =
        SweepComparison.of(sweep("s-1"), sweep("s-2"), run -> run.equals("s-1-run") ? before : now);

    assertThat(comparison.verdict()).isEqualTo(Verdict.IMPROVED);
  }
}
