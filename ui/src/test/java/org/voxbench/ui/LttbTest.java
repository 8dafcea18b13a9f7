package org.voxbench.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LttbTest {

  @Test
  void aShortCurveStaysAsItIs() {
    List<Point> points = List.of(new Point(0, 1), new Point(1, 2), new Point(2, 3));
    assertThat(Lttb.thin(points, 3)).isSameAs(points);
  }

  @Test
  void aSpikeSurvives() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      points.add(new Point(i, i == 54_321 ? 50 : Math.sin(i / 1000.0)));
    }
    assertThat(Lttb.thin(points, 200)).hasSize(200).contains(new Point(54_321, 50));
  }

  @Test
  void gapsAreNeverChosenOverFigures() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      points.add(new Point(i, i % 3 == 1 ? Double.NaN : i));
    }
    assertThat(Lttb.thin(points, 50)).allMatch(point -> Double.isFinite(point.value()));
  }

  @Test
  void fewerThanThreePointsMakeNoCurve() {
    assertThatThrownBy(() -> Lttb.thin(List.of(), 2)).hasMessageContaining("found 2");
  }

  @Property(tries = 200)
  void whatIsKeptIsAnOrderedPartWithBothEnds(
      @ForAll @IntRange(min = 0, max = 900) int size,
      @ForAll @IntRange(min = 3, max = 300) int most,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      points.add(new Point(3L * i, random.nextInt(9) == 0 ? Double.NaN : random.nextGaussian()));
    }
    List<Point> kept = Lttb.thin(points, most);
    assertThat(kept).hasSize(Math.min(size, most));
    assertThat(new HashSet<>(points)).containsAll(kept);
    assertThat(kept).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    assertThat(new HashSet<>(kept)).hasSize(kept.size());
    if (size > 0) {
      assertThat(kept.get(0)).isEqualTo(points.get(0));
      assertThat(kept.get(kept.size() - 1)).isEqualTo(points.get(size - 1));
    }
  }
}
