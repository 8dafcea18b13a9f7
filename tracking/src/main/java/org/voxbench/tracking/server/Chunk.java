package org.voxbench.tracking.server;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/** The stored form of points of one series: timestamp, step and value, 8 bytes each, big-endian. */
final class Chunk {

  static final int MOST = 1000;

  /** Up to this number of points, new ones are appended to the chunk before them. */
  static final int APPENDED = 250;

  private static final int BYTES = 3 * Long.BYTES;

  private Chunk() {}

  static byte[] encode(Collection<MetricPoint> points) {
    ByteBuffer buffer = ByteBuffer.allocate(points.size() * BYTES);
    for (MetricPoint point : points) {
      buffer.putLong(point.timestamp()).putLong(point.step()).putDouble(point.value());
    }
    return buffer.array();
  }

  static void decode(String key, byte[] bytes, List<MetricPoint> into) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      into.add(new MetricPoint(key, buffer.getLong(), buffer.getLong(), buffer.getDouble()));
    }
  }
}
