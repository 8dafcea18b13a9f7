package org.voxbench.steps.train;

/**
 * Rotation and scaling of the published augmentation (recipe section 3, row 3). The image is
 * interpolated by cubic splines and is 0 outside the source; a voxel takes the label that holds at
 * least half of the linear weights around it, else 0.
 *
 * @param angles rotation about the z, y and x axis in radians; rotations are applied in the order
 *     of the published code, a row vector times Rx Ry Rz
 * @param scale factor on the coordinates; above 1 the content shrinks
 * @param inPlane true where slices are thick: only y and x are turned, scaled and interpolated
 */
@SuppressWarnings("ArrayRecordComponent") // three numbers, used at once; never compared
record SpatialTransform(double[] angles, double scale, boolean inPlane) {

  private static final double PROBABILITY = 0.2;
  private static final double MIN_SCALE = 0.7;
  private static final double MAX_SCALE = 1.4;
  private static final double MAX_TILT = Math.toRadians(30);

  /** What the published loader assumes as the smallest scale, before it is widened to 0.7. */
  private static final double LOADER_SCALE = 0.85;

  static SpatialTransform draw(CounterRandom random, boolean inPlane) {
    double[] angles = new double[3];
    if (random.chance(PROBABILITY)) {
      if (inPlane) {
        angles[0] = random.uniform(-Math.PI, Math.PI);
      } else {
        for (int axis = 0; axis < 3; axis++) {
          angles[axis] = random.uniform(-MAX_TILT, MAX_TILT);
        }
      }
    }
    double scale = 1;
    if (random.chance(PROBABILITY)) {
      boolean grow = random.chance(0.5);
      scale = grow ? random.uniform(MIN_SCALE, 1) : random.uniform(1, MAX_SCALE);
    }
    return new SpatialTransform(angles, scale, inPlane);
  }

  boolean isIdentity() {
    return scale == 1 && angles[0] == 0 && angles[1] == 0 && angles[2] == 0;
  }

  /** The patch to read so that a turned patch is mostly covered (recipe section 2.3, table). */
  static int[] sourceShape(int[] patch, boolean inPlane) {
    double cos = Math.cos(MAX_TILT);
    double sin = Math.sin(MAX_TILT);
    double z = patch[0];
    double y = patch[1];
    double x = patch[2];
    if (inPlane) {
      double side = Math.max(y, x);
      return new int[] {patch[0], (int) (side / LOADER_SCALE), (int) (side / LOADER_SCALE)};
    }
    return new int[] {
      (int) (Math.max(z, z * cos + y * sin) / LOADER_SCALE),
      (int) (Math.max(y, y * cos + x * sin) / LOADER_SCALE),
      (int) (Math.max(x, x * cos + z * sin) / LOADER_SCALE)
    };
  }

  /** Fills {@code target}; {@code source} is used up: its image becomes spline coefficients. */
  void apply(Patch source, Patch target) {
    int[] n = source.shape;
    for (int c = 0; c < source.channels; c++) {
      prefilter(source, c);
    }
    SplineSampler sampler = new SplineSampler(source, inPlane);
    double[][] matrix = matrix();
    double[] p = new double[3];
    int at = 0;
    for (int z = 0; z < target.shape[0]; z++) {
      for (int y = 0; y < target.shape[1]; y++) {
        for (int x = 0; x < target.shape[2]; x++, at++) {
          double cz = z - (target.shape[0] - 1) / 2.0;
          double cy = y - (target.shape[1] - 1) / 2.0;
          double cx = x - (target.shape[2] - 1) / 2.0;
          for (int axis = 0; axis < 3; axis++) {
            double turned = cz * matrix[0][axis] + cy * matrix[1][axis] + cx * matrix[2][axis];
            p[axis] = turned * scale + Math.rint(n[axis] / 2.0);
          }
          if (inPlane) {
            p[0] = z;
          }
          sampler.sample(p, target, at);
        }
      }
    }
  }

  private void prefilter(Patch source, int channel) {
    int[] n = source.shape;
    int offset = channel * source.voxels;
    if (!inPlane) {
      Lines.replace(source.image, offset, new int[] {1, n[0], n[1] * n[2]}, CubicSpline::prefilter);
    }
    Lines.replace(source.image, offset, new int[] {n[0], n[1], n[2]}, CubicSpline::prefilter);
    Lines.replace(source.image, offset, new int[] {n[0] * n[1], n[2], 1}, CubicSpline::prefilter);
  }

  /** Rx Ry Rz of the published code; column j gives component j of row vector times matrix. */
  private double[][] matrix() {
    double cx = Math.cos(angles[0]);
    double sx = Math.sin(angles[0]);
    double cy = Math.cos(angles[1]);
    double sy = Math.sin(angles[1]);
    double cz = Math.cos(angles[2]);
    double sz = Math.sin(angles[2]);
    double[][] first = {{1, 0, 0}, {0, cx, -sx}, {0, sx, cx}};
    double[][] second = {{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}};
    double[][] third = {{cz, -sz, 0}, {sz, cz, 0}, {0, 0, 1}};
    return product(product(first, second), third);
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] result = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        result[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
      }
    }
    return result;
  }
}
