package org.voxbench.model.pytorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.voxbench.model.Tensor;

/** The named tensors of an open checkpoint, made into plain arrays. */
final class StateDict {

  private static final String PARALLEL = "module.";

  /** Half precision doubles when it becomes float32; views may overlap a little. */
  private static final int GROWTH = 4;

  private final Path file;
  private final Storages source;
  private final Map<Storage, ByteBuffer> storages = new HashMap<>();
  private final Map<TensorView, Tensor> made = new HashMap<>();
  private final Set<ElementType> converted = EnumSet.noneOf(ElementType.class);
  private long left;

  StateDict(Path file, Storages source) throws IOException {
    this.file = file;
    this.source = source;
    left = GROWTH * Files.size(file) + 4096;
  }

  /** Names without the prefix of parallel training, in the file's order. */
  Map<String, Tensor> tensors() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    requireMemory();
    for (Map.Entry<?, ?> entry : dictionary().entrySet()) {
      if (!(entry.getKey() instanceof String name && entry.getValue() instanceof TensorView view)) {
        throw new UnreadableWeightsException(
            file,
            "state_dict: expected a tensor under the name %s but found %s"
                .formatted(
                    entry.getKey() instanceof String text ? text : "of a number",
                    PickleValues.kind(entry.getValue())));
      }
      String plain = name.startsWith(PARALLEL) ? name.substring(PARALLEL.length()) : name;
      if (tensors.put(plain, tensor(plain, view)) != null) {
        throw new UnreadableWeightsException(
            file,
            "state_dict: tensor %s is there twice, with and without %s".formatted(plain, PARALLEL));
      }
    }
    return tensors;
  }

  /** Storages become arrays on Java's heap. */
  private void requireMemory() throws UnreadableWeightsException {
    long bytes =
        dictionary().values().stream()
            .filter(TensorView.class::isInstance)
            .map(view -> ((TensorView) view).storage())
            .distinct()
            .mapToLong(Storage::bytes)
            .reduce(0, StateDict::sum);
    long most = Runtime.getRuntime().maxMemory() / 10 * 9;
    if (bytes > most) {
      throw new UnreadableWeightsException(
          file,
          "its tensors take %d MB but Java may use %d MB; give it more by JAVA_TOOL_OPTIONS=-Xmx%dm"
              .formatted(bytes / 1_000_000, most / 1_000_000, bytes / 500_000));
    }
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Types of numbers that were changed to float32. */
  Set<ElementType> converted() {
    return converted;
  }

  /** What the trainer wrote as {@code epoch}, or -1. */
  long epoch() {
    return source.value() instanceof Map<?, ?> top && top.get("epoch") instanceof Long epoch
        ? epoch
        : -1;
  }

  private Map<?, ?> dictionary() throws UnreadableWeightsException {
    if (source.value() instanceof Map<?, ?> top) {
      if (top.get("state_dict") instanceof Map<?, ?> inner) {
        return inner;
      }
      if (!top.isEmpty() && top.values().stream().allMatch(TensorView.class::isInstance)) {
        return top;
      }
      throw new UnreadableWeightsException(
          file,
          "expected a state_dict, alone or under that name, but found a dictionary with the keys "
              + top.keySet().stream().limit(8).toList());
    }
    throw new UnreadableWeightsException(
        file, "expected a state_dict but found " + PickleValues.kind(source.value()));
  }

  /** The same view gives the same tensor, so that shared layers stay shared. */
  private Tensor tensor(String name, TensorView view) throws IOException {
    Tensor known = made.get(view);
    if (known != null) {
      return known;
    }
    ElementType type = view.storage().type();
    boolean counter = type == ElementType.INT64;
    if (!counter && !type.isFloating()) {
      throw new UnreadableWeightsException(
          file,
          "tensor %s: expected float or int64 numbers but found %s; such a network is not UNETR++"
              .formatted(name, type));
    }
    List<Integer> shape = shape(name, view);
    int width = counter ? Long.BYTES : Float.BYTES;
    ByteBuffer numbers = storage(view.storage());
    boolean sliced =
        view.elements() > 0 && view.isContiguous() && (counter || type == ElementType.FLOAT32);
    ByteBuffer bytes =
        sliced
            ? numbers.slice(
                Math.toIntExact(view.offset() * width), Math.toIntExact(view.elements() * width))
            : gather(name, view, numbers);
    Tensor tensor = new Tensor(shape, counter ? Tensor.Kind.INT64 : Tensor.Kind.FLOAT32, bytes);
    made.put(view, tensor);
    return tensor;
  }

  private List<Integer> shape(String name, TensorView view) throws UnreadableWeightsException {
    if (view.shape().stream().anyMatch(size -> size > Integer.MAX_VALUE)
        || view.elements() > Integer.MAX_VALUE / Long.BYTES) {
      throw new UnreadableWeightsException(
          file, "tensor %s: shape %s is too large for one array".formatted(name, view.shape()));
    }
    return view.shape().stream().map(Math::toIntExact).toList();
  }

  private ByteBuffer storage(Storage storage) throws IOException {
    ByteBuffer bytes = storages.get(storage);
    if (bytes == null) {
      bytes = source.read(storage);
      storages.put(storage, bytes);
    }
    return bytes;
  }

  private ByteBuffer gather(String name, TensorView view, ByteBuffer numbers)
      throws UnreadableWeightsException {
    ElementType type = view.storage().type();
    boolean counter = type == ElementType.INT64;
    int elements = Math.toIntExact(view.elements());
    long size = (long) elements * (counter ? Long.BYTES : Float.BYTES);
    if (size > left) {
      throw new UnreadableWeightsException(
          file,
          "tensor %s: shape %s repeats its numbers beyond %d times the file's size"
              .formatted(name, view.shape(), GROWTH));
    }
    left -= size;
    if (!counter && type != ElementType.FLOAT32) {
      converted.add(type);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[view.shape().size()];
    long position = view.offset();
    for (int i = 0; i < elements; i++) {
      int from = Math.toIntExact(position * type.width());
      if (counter) {
        bytes.putLong(numbers.getLong(from));
      } else {
        bytes.putFloat(type.floatAt(numbers, from));
      }
      position = next(view, index, position);
    }
    return bytes.flip();
  }

  /** The element after this one, the last axis fastest. */
  private static long next(TensorView view, long[] index, long position) {
    long moved = position;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      moved += view.strides().get(axis);
      if (++index[axis] < view.shape().get(axis)) {
        return moved;
      }
      moved -= view.strides().get(axis) * index[axis];
      index[axis] = 0;
    }
    return moved;
  }
}
