package org.voxbench.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** Named arrays in the device's memory that the program reads and changes in place. */
final class State implements AutoCloseable {

  private final PtNDManager manager;
  private final Map<String, PtNDArray> arrays = new LinkedHashMap<>();
  private final Arguments.Staging staging = new Arguments.Staging();

  State(PtNDManager parent) {
    manager = (PtNDManager) parent.newSubManager();
  }

  /** Adds or replaces an array; a dictionary made before still sees the old one. */
  void put(String name, Tensor tensor) {
    DataType type = tensor.kind() == Tensor.Kind.INT64 ? DataType.INT64 : DataType.FLOAT32;
    // A created array shares the buffer's memory; the duplicate is libtorch's own, freed with this.
    try (NDArray shared = manager.create(staging.copy(tensor.bytes()), shape(tensor), type)) {
      NDArray before = arrays.put(name, (PtNDArray) shared.duplicate());
      if (before != null) {
        before.close();
      }
    }
  }

  void putZeros(String name, Tensor like) {
    arrays.put(name, (PtNDArray) manager.zeros(shape(like), DataType.FLOAT32));
  }

  /** A Dict[str, Tensor] over the same memory, in the order of putting. */
  IValue dictionary() {
    return IValue.stringMapFrom(arrays);
  }

  /** Views of the arrays where they lie in main memory, else copies; valid while this is open. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, tensor(array)));
    return tensors;
  }

  static Tensor tensor(PtNDArray array) {
    boolean counter = array.getDataType() == DataType.INT64;
    return new Tensor(
        Tensor.shapeOf(array.getShape().getShape()),
        counter ? Tensor.Kind.INT64 : Tensor.Kind.FLOAT32,
        array.toByteBuffer(true));
  }

  private static Shape shape(Tensor tensor) {
    return new Shape(tensor.dimensions());
  }

  @Override
  public void close() {
    manager.close();
  }
}
