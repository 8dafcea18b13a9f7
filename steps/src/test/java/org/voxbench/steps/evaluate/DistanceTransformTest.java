package org.voxbench.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

final class DistanceTransformTest {

  @Property(tries = 200)
  void equalsTheBruteForceDefinition(
      @ForAll @IntRange(min = 1, max = 9) int sizeZ,
      @ForAll @IntRange(min = 1, max = 9) int sizeY,
      @ForAll @IntRange(min = 1, max = 9) int sizeX,
      @ForAll @DoubleRange(min = 0.1, max = 6) double spacing,
      @ForAll @IntRange(min = 1, max = 20) int sparsity,
      @ForAll long seed) {
    Lattice lattice = new Lattice(sizeZ, sizeY, sizeX, spacing, 1, 0.7);
    int[] sites = some(lattice, sparsity, seed);
    int[] voxels = some(lattice, 1 + sparsity / 3, seed + 1);
    double[] found = DistanceTransform.distances(voxels, sites, lattice);
    for (int i = 0; i < voxels.length; i++) {
      assertThat(found[i]).isCloseTo(nearest(voxels[i], sites, lattice), within(1e-9));
    }
  }

  private static int[] some(Lattice lattice, int sparsity, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] voxels =
        IntStream.range(0, lattice.voxels()).filter(i -> random.nextInt(sparsity) == 0).toArray();
    return voxels.length > 0 ? voxels : new int[] {random.nextInt(lattice.voxels())};
  }

  private static double nearest(int voxel, int[] sites, Lattice lattice) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int site : sites) {
      double z = (lattice.z(voxel) - lattice.z(site)) * lattice.spacingZ();
      double y = (lattice.y(voxel) - lattice.y(site)) * lattice.spacingY();
      double x = (lattice.x(voxel) - lattice.x(site)) * lattice.spacingX();
      nearest = Math.min(nearest, Math.sqrt(z * z + y * y + x * x));
    }
    return nearest;
  }
}
