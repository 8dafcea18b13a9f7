package org.voxbench.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.hipparchus.stat.inference.WilcoxonSignedRankTest;

class SignedRankProperties {

  /** Differences in steps of a hundredth, so that ties and zeros are common. */
  @Provide
  Arbitrary<List<Double>> coarse() {
    return Arbitraries.integers()
        .between(-6, 6)
        .map(i -> i / 100.0)
        .list()
        .ofMinSize(1)
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<Double>> withoutTies() {
    return Arbitraries.integers()
        .between(-100_000, 100_000)
        .filter(i -> i != 0)
        .list()
        .uniqueElements(Math::abs)
        .ofMinSize(6)
        .ofMaxSize(14)
        .map(all -> all.stream().map(i -> i / 1e5).toList());
  }

  private static double[] array(List<Double> differences) {
    return differences.stream().mapToDouble(d -> d).toArray();
  }

  @Property(tries = 200)
  void agreesWithALibraryWhereThereAreNeitherTiesNorZeros(
      @ForAll("withoutTies") List<Double> differences) {
    double[] some = array(differences);
    double other =
        new WilcoxonSignedRankTest().wilcoxonSignedRankTest(some, new double[some.length], true);
    // The library counts the middle of the distribution on both sides.
    assertThat(SignedRank.p(some)).isCloseTo(Math.min(1, other), within(1e-9));
  }

  /** The definition, word by word: all choices of signs are counted. */
  @Property(tries = 200)
  void isTheShareOfSignsThatAreAtLeastAsOneSided(@ForAll("coarse") List<Double> differences) {
    double[] some = Arrays.stream(array(differences)).filter(d -> d != 0).toArray();
    double found = 0;
    double middle = total(some) / 2;
    double distance = Math.abs(positive(some) - middle);
    for (int signs = 0; signs < 1 << some.length; signs++) {
      double[] other = some.clone();
      for (int i = 0; i < other.length; i++) {
        other[i] = Math.abs(other[i]) * ((signs >> i & 1) == 0 ? 1 : -1);
      }
      found += Math.abs(positive(other) - middle) >= distance - 1e-9 ? 1 : 0;
    }
    double expected = some.length == 0 ? 1 : found / (1 << some.length);
    assertThat(SignedRank.p(array(differences))).isCloseTo(expected, within(1e-9));
  }

  private static double positive(double[] differences) {
    double sum = 0;
    for (double d : differences) {
      sum += d > 0 ? rank(d, differences) : 0;
    }
    return sum;
  }

  private static double total(double[] differences) {
    return differences.length * (differences.length + 1) / 2.0;
  }

  private static double rank(double one, double[] all) {
    double size = Math.abs(one);
    long smaller = Arrays.stream(all).filter(d -> Math.abs(d) < size - 1e-9).count();
    long same = Arrays.stream(all).filter(d -> Math.abs(Math.abs(d) - size) <= 1e-9).count();
    return smaller + (same + 1) / 2.0;
  }

  @Property(tries = 100)
  void theSignsTogetherAndTheOrderDoNotMatter(@ForAll("coarse") List<Double> differences) {
    double[] some = array(differences);
    double[] opposite = Arrays.stream(some).map(d -> -d).toArray();
    double[] sorted = some.clone();
    Arrays.sort(sorted);
    assertThat(SignedRank.p(opposite)).isCloseTo(SignedRank.p(some), within(1e-12));
    assertThat(SignedRank.p(sorted)).isCloseTo(SignedRank.p(some), within(1e-12));
    assertThat(SignedRank.p(some)).isBetween(0.0, 1.0);
  }

  @Example
  void chanceAloneIsCalledADifferenceInOneOfTwentyAtMost() {
    Random random = new Random(20);
    int called = 0;
    for (int i = 0; i < 2000; i++) {
      double[] noise = random.doubles(12).map(d -> d - 0.5).toArray();
      called += SignedRank.p(noise) < 0.05 ? 1 : 0;
    }
    assertThat(called / 2000.0).isLessThan(0.06);
  }

  @Example
  void manyDifferencesAreJudgedInATimeNobodyNotices() {
    double[] many = new Random(20).doubles(200).map(d -> d - 0.45).toArray();
    assertThat(SignedRank.p(many)).isBetween(0.0, 0.2);
    double[] more = new Random(20).doubles(300).map(d -> d + 0.01).toArray();
    assertThat(SignedRank.p(more)).isLessThan(1e-6);
  }
}
