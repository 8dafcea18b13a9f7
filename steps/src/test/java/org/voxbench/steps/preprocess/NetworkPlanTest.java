package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.volume.GridShape;

class NetworkPlanTest {

  private static final long GIB = 1L << 30;

  @Property(tries = 200)
  void everyPlanIsLegalForTheNetworkAndFitsTheMemory(
      @ForAll @IntRange(min = 1, max = 600) int z,
      @ForAll @IntRange(min = 16, max = 600) int y,
      @ForAll @IntRange(min = 16, max = 600) int x,
      @ForAll @DoubleRange(min = 1, max = 10) double anisotropy,
      @ForAll @IntRange(min = 1, max = 40) int gibibytes) {
    NetworkPlan plan =
        NetworkPlan.of(
            new NetworkPlan.Shapes(new GridShape(z, y, x), anisotropy), 30, 13, gibibytes * GIB);

    for (int axis = 0; axis < 3; axis++) {
      int step = 8 * plan.stem().along(axis);
      assertThat(plan.patch().along(axis)).isPositive().matches(size -> size % step == 0);
      assertThat(plan.patch().along(axis) - step)
          .as("never a whole step larger than the median case")
          .isLessThan(new GridShape(z, y, x).along(axis));
    }
    assertThat(plan.batch()).isGreaterThanOrEqualTo(2);
    assertThat(plan.trainingBytes()).isLessThanOrEqualTo(gibibytes * GIB);
  }

  @Example
  void moreMemoryNeverGivesASmallerPatch() {
    NetworkPlan.Shapes shapes = new NetworkPlan.Shapes(new GridShape(148, 512, 512), 4);
    long before = 0;
    for (int gibibytes = 1; gibibytes < 40; gibibytes++) {
      long voxels = NetworkPlan.of(shapes, 30, 13, gibibytes * GIB).patch().voxels();
      assertThat(voxels).isGreaterThanOrEqualTo(before);
      before = voxels;
    }
  }

  @Example
  void stemsAreThoseOfThePublishedDatasetsWithThatShape() {
    assertThat(plan(148, 512, 512, 3.96).stem()).as("Synapse").isEqualTo(new GridShape(2, 4, 4));
    assertThat(plan(10, 250, 220, 3.2).stem()).as("ACDC").isEqualTo(new GridShape(1, 4, 4));
    assertThat(plan(138, 169, 138, 1).stem()).as("BraTS").isEqualTo(new GridShape(4, 4, 4));
  }

  @Example
  void amountsOfMemoryThatFitNothingAreRefused() {
    assertThatThrownBy(
            () ->
                NetworkPlan.of(
                    new NetworkPlan.Shapes(new GridShape(100, 100, 100), 1), 30, 3, 1 << 20))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("the smallest legal one, 32x32x32, needs")
        .hasMessageContaining("use a device with more memory");
  }

  private static NetworkPlan plan(int z, int y, int x, double anisotropy) {
    return NetworkPlan.of(
        new NetworkPlan.Shapes(new GridShape(z, y, x), anisotropy), 30, 3, 8 * GIB);
  }
}
