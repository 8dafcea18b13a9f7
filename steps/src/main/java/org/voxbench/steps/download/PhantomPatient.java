package org.voxbench.steps.download;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One made-up patient: the anatomy's shapes, displaced, scaled and shaded for this one. */
final class PhantomPatient {

  /** Half of this many mm on both sides of a surface the intensities mix, as in a real scan. */
  private static final double EDGE = 1.5;

  private final List<Body> bodies;

  /**
   * @param number counted from 1
   * @param frame counted from 0
   */
  PhantomPatient(Anatomy anatomy, Draw draw, int number, int frame) {
    Set<String> lacked = anatomy.lackedBy(number);
    Map<String, double[]> moves = new HashMap<>();
    List<Body> made = new ArrayList<>();
    for (Anatomy.Shape shape : anatomy.shapes()) {
      Draw own = draw.of(shape.name());
      double[] move = new double[3];
      double[] shared = shape.with() == null ? move : moves.getOrDefault(shape.with(), move);
      for (int axis = 0; axis < 3; axis++) {
        move[axis] = shared[axis] + own.symmetric(axis) * shape.vary().place()[axis];
      }
      moves.put(shape.name(), move);
      double scale = scale(shape, own, frame);
      if (!lacked.contains(shape.name())) {
        made.add(new Body(shape, move, scale, shade(shape, own), reach(shape, scale)));
      }
    }
    this.bodies = List.copyOf(made);
  }

  private static double scale(Anatomy.Shape shape, Draw own, int frame) {
    double second = shape.vary().frame() == 0 ? 1 : shape.vary().frame();
    return (1 + own.symmetric(3) * shape.vary().size()) * (frame == 0 ? 1 : second);
  }

  /** Least and greatest coordinate per axis, undisplaced, beyond which the shape has no effect. */
  private static double[][] reach(Anatomy.Shape shape, double scale) {
    double[][] reach = {{0, 0, 0}, {0, 0, 0}};
    for (int axis = 0; axis < 3; axis++) {
      int of = axis;
      double around = shape.radii()[shape.radii().length == 1 ? 0 : axis] * scale + 2 * EDGE;
      reach[0][axis] = shape.points().stream().mapToDouble(p -> p[of]).min().orElseThrow() - around;
      reach[1][axis] = shape.points().stream().mapToDouble(p -> p[of]).max().orElseThrow() + around;
    }
    return reach;
  }

  private static double[] shade(Anatomy.Shape shape, Draw own) {
    double[] shade = shape.intensity().clone();
    for (int channel = 0; channel < shade.length; channel++) {
      shade[channel] += own.symmetric(4 + channel) * shape.vary().intensity();
    }
    return shade;
  }

  /**
   * Paints one point.
   *
   * @param point mm (x, y, z)
   * @param intensities in: the air; out: what the scanner sees, per channel
   * @return the label, or -1 where no shape lies at all
   */
  int paint(double[] point, double[] intensities) {
    int label = -1;
    for (Body body : bodies) {
      if (body.isFar(point)) {
        continue;
      }
      double distance = body.distance(point);
      double cover = Math.min(1, 0.5 - distance / EDGE);
      if (cover <= 0) {
        continue;
      }
      for (int channel = 0; channel < intensities.length; channel++) {
        intensities[channel] += cover * (body.shade()[channel] - intensities[channel]);
      }
      if (distance <= 0 && body.shape().label() >= 0) {
        label = body.shape().label();
      }
      label = Math.max(label, 0);
    }
    return label;
  }

  @SuppressWarnings("ArrayRecordComponent") // private and never compared
  private record Body(
      Anatomy.Shape shape, double[] move, double scale, double[] shade, double[][] reach) {

    /** Spares most points the square roots. */
    boolean isFar(double[] point) {
      for (int axis = 0; axis < 3; axis++) {
        double own = point[axis] - move[axis];
        if (own < reach[0][axis] || own > reach[1][axis]) {
          return true;
        }
      }
      return false;
    }

    /** Signed distance to the surface in mm, negative inside; close to it for an ellipsoid. */
    double distance(double[] point) {
      List<double[]> course = shape.points();
      if (course.size() == 1) {
        return toEllipsoid(point, course.get(0));
      }
      double nearest = Double.MAX_VALUE;
      for (int part = 1; part < course.size(); part++) {
        nearest = Math.min(nearest, toSegment(point, course.get(part - 1), course.get(part)));
      }
      return Math.sqrt(nearest) - shape.radii()[0] * scale;
    }

    private double toEllipsoid(double[] point, double[] centre) {
      double value = 0;
      double slope = 0;
      for (int axis = 0; axis < 3; axis++) {
        double radius = shape.radii()[axis] * scale;
        double offset = (point[axis] - centre[axis] - move[axis]) / radius;
        value += offset * offset;
        slope += offset * offset / (radius * radius);
      }
      double norm = Math.sqrt(value);
      return slope == 0 ? -shape.radii()[0] * scale : norm * (norm - 1) / Math.sqrt(slope);
    }

    private double toSegment(double[] point, double[] from, double[] to) {
      double along = 0;
      double length = 0;
      for (int axis = 0; axis < 3; axis++) {
        double side = to[axis] - from[axis];
        along += (point[axis] - from[axis] - move[axis]) * side;
        length += side * side;
      }
      double share = Math.max(0, Math.min(1, along / length));
      double squared = 0;
      for (int axis = 0; axis < 3; axis++) {
        double foot = from[axis] + move[axis] + share * (to[axis] - from[axis]);
        squared += (point[axis] - foot) * (point[axis] - foot);
      }
      return squared;
    }
  }
}
