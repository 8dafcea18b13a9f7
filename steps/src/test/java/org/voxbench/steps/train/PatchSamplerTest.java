package org.voxbench.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.voxbench.steps.train.CounterRandom.Purpose;

class PatchSamplerTest {

  private static final int[] PATCH = {4, 4, 4};

  @Test
  void thePublishedShareForcesTheLastSampleOfTwoThreeAndFour() {
    for (int batch : new int[] {2, 3, 4}) {
      assertThat(forced(batch, 0.33)).as("batch of %d", batch).containsExactly(batch - 1);
    }
    assertThat(forced(1, 0.33)).isEmpty();
    assertThat(forced(4, 0.5)).containsExactly(2, 3);
    assertThat(forced(2, 0)).isEmpty();
    assertThat(forced(2, 1)).containsExactly(0, 1);
  }

  @Test
  void unforcedPatchesReachEveryPlaceInsideTheCaseAndNoneOutside() {
    PatchSampler sampler = new PatchSampler(List.of(Cases.ramp(1, 6, 5, 4)), PATCH, PATCH, 1, 0);
    Set<String> corners = new TreeSet<>();
    for (int i = 0; i < 2000; i++) {
      corners.add(List.of(corner(sampler, 0, i)).toString());
    }

    assertThat(corners)
        .containsExactlyInAnyOrder(
            "[0, 0, 0]", "[1, 0, 0]", "[2, 0, 0]", "[0, 1, 0]", "[1, 1, 0]", "[2, 1, 0]");
  }

  @Test
  void aLargerSourceOverhangsByHalfOfItsExcessOnEitherSide() {
    int[] source = {4, 7, 4};
    PatchSampler sampler = new PatchSampler(List.of(Cases.ramp(1, 4, 10, 4)), source, PATCH, 1, 0);
    Set<Integer> rows = new TreeSet<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(corner(sampler, 0, i)[1]);
    }

    assertThat(rows).containsExactly(-2, -1, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void aCaseSmallerThanThePatchLiesWhollyInsideIt() {
    PatchSampler sampler = new PatchSampler(List.of(Cases.ramp(1, 2, 2, 3)), PATCH, PATCH, 1, 0);
    for (int i = 0; i < 500; i++) {
      Integer[] corner = corner(sampler, 0, i);
      assertThat(corner[0]).isEqualTo(-1);
      assertThat(corner[1]).isEqualTo(-1);
      assertThat(corner[2]).isBetween(-1, 0);
    }
  }

  @Test
  void forcedPatchesAreCentredOnAVoxelOfAClassDrawnUniformly() {
    PatchSampler sampler = new PatchSampler(List.of(Cases.ramp(1, 8, 8, 8)), PATCH, PATCH, 1, 1);
    int first = 0;
    for (int i = 0; i < 4000; i++) {
      Integer[] corner = corner(sampler, 0, i);
      if (corner[0] == 0) {
        first++;
        assertThat(corner).containsExactly(0, 0, 0);
      } else {
        assertThat(corner[0]).isEqualTo(5);
        assertThat(corner[1]).isEqualTo(5);
        assertThat(corner[2]).isBetween(4, 5);
      }
    }
    assertThat(first).isBetween(1850, 2150);
  }

  @Test
  void aBlockBeyondTheCaseIsPaddedWithZeroAndMinusOne() {
    Patch patch = new Patch(2, PATCH);
    java.util.Arrays.fill(patch.image, 7);

    Cases.ramp(2, 3, 3, 3).read(new int[] {-1, 1, 2}, patch);

    assertThat(patch.image[0]).isZero();
    assertThat(patch.label[0]).isEqualTo((byte) -1);
    int inside = 1 * 16;
    assertThat(patch.image[inside]).isEqualTo(Cases.value(0, 0, 1, 2));
    assertThat(patch.image[64 + inside]).isEqualTo(Cases.value(1, 0, 1, 2));
    assertThat(patch.image[inside + 1]).isZero();
    assertThat(patch.label[3 * 16 + 4]).isEqualTo((byte) 2);
    assertThat(patch.label[inside]).isZero();
  }

  @Test
  void aBlockThatMissesTheCaseIsAllPadding() {
    Patch patch = new Patch(1, PATCH);

    Cases.ramp(1, 3, 3, 3).read(new int[] {0, 0, 5}, patch);

    assertThat(patch.image).containsOnly(0);
    assertThat(patch.label).containsOnly((byte) -1);
  }

  private static Set<Integer> forced(int batch, double share) {
    PatchSampler sampler =
        new PatchSampler(List.of(Cases.ramp(1, 40, 40, 40)), PATCH, PATCH, batch, share);
    Set<Integer> forced = new TreeSet<>();
    for (int sample = 0; sample < batch; sample++) {
      boolean always = true;
      for (int i = 0; i < 50; i++) {
        Integer[] corner = corner(sampler, sample, i);
        always &= (corner[0] == 0 && corner[2] == 0) || corner[0] == 37;
      }
      if (always) {
        forced.add(sample);
      }
    }
    return forced;
  }

  private static Integer[] corner(PatchSampler sampler, int sample, int iteration) {
    int[] corner =
        sampler
            .place(sample, new CounterRandom(20, Purpose.TRAINING_PATCH, 0, iteration, sample))
            .corner();
    return new Integer[] {corner[0], corner[1], corner[2]};
  }
}
