package org.voxbench.steps.volume;

/**
 * Resamples labels as if every class were a one-hot volume interpolated linearly: a voxel takes the
 * class with the largest share of the eight surrounding voxels, the highest class of a tie. No such
 * volume is made.
 *
 * <p>This is nnU-Net v2's rule. Its first version (recipe section 4.4) asked for a share of at
 * least a half; the two differ only where three or more classes meet and none reaches it: there the
 * first version left background, which thins small organs.
 */
final class LabelResampling {

  /** Shares are sums of rounded products; two this close are a tie. */
  private static final double ROUNDING = 1e-12;

  private final byte[] voxels;
  private final GridShape from;
  private final GridShape to;
  private final LinearAxis zAxis;
  private final LinearAxis yAxis;
  private final LinearAxis xAxis;

  LabelResampling(byte[] voxels, GridShape from, GridShape to, int separateAxis) {
    this.voxels = voxels;
    this.from = from;
    this.to = to;
    zAxis = new LinearAxis(from.z(), to.z(), separateAxis == 0);
    yAxis = new LinearAxis(from.y(), to.y(), separateAxis == 1);
    xAxis = new LinearAxis(from.x(), to.x(), separateAxis == 2);
  }

  byte[] run(int threads) {
    byte[] out = new byte[to.arrayLength()];
    Workers.forEach(
        to.z(),
        threads,
        () -> {
          byte[] around = new byte[8];
          double[] shares = new double[8];
          return z -> {
            for (int y = 0; y < to.y(); y++) {
              row(z, y, out, around, shares);
            }
          };
        });
    return out;
  }

  private void row(int z, int y, byte[] out, byte[] around, double[] shares) {
    int a = at(zAxis.low[z], yAxis.low[y]);
    int b = at(zAxis.low[z], yAxis.high[y]);
    int c = at(zAxis.high[z], yAxis.low[y]);
    int d = at(zAxis.high[z], yAxis.high[y]);
    int target = (z * to.y() + y) * to.x();
    for (int x = 0; x < to.x(); x++) {
      int low = xAxis.low[x];
      int high = xAxis.high[x];
      byte label = voxels[a + low];
      int differ =
          (label ^ voxels[a + high])
              | (label ^ voxels[b + low])
              | (label ^ voxels[b + high])
              | (label ^ voxels[c + low])
              | (label ^ voxels[c + high])
              | (label ^ voxels[d + low])
              | (label ^ voxels[d + high]);
      if (differ != 0) {
        around[0] = label;
        around[1] = voxels[a + high];
        around[2] = voxels[b + low];
        around[3] = voxels[b + high];
        around[4] = voxels[c + low];
        around[5] = voxels[c + high];
        around[6] = voxels[d + low];
        around[7] = voxels[d + high];
        setShares(shares, zAxis.share[z], yAxis.share[y], xAxis.share[x]);
        label = winner(around, shares);
      }
      out[target + x] = label;
    }
  }

  private int at(int z, int y) {
    return (z * from.y() + y) * from.x();
  }

  private static void setShares(double[] shares, double z, double y, double x) {
    for (int corner = 0; corner < 8; corner++) {
      shares[corner] =
          ((corner & 4) == 0 ? 1 - z : z)
              * ((corner & 2) == 0 ? 1 - y : y)
              * ((corner & 1) == 0 ? 1 - x : x);
    }
  }

  private static byte winner(byte[] around, double[] shares) {
    byte best = around[0];
    double largest = 0;
    for (int one = 0; one < 8; one++) {
      double share = 0;
      for (int other = 0; other < 8; other++) {
        share += around[other] == around[one] ? shares[other] : 0;
      }
      boolean tie = Math.abs(share - largest) <= ROUNDING;
      if (tie ? around[one] > best : share > largest) {
        best = around[one];
        largest = share;
      }
    }
    return best;
  }
}
