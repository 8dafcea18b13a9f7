package org.voxbench.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one call of the program, and its result: all native memory of the call. */
final class Arguments implements AutoCloseable {

  private final PtNDManager manager;
  private final NDList arrays = new NDList();
  private final List<IValue> values = new ArrayList<>();
  private final List<IValue> owned = new ArrayList<>();

  Arguments(PtNDManager parent) {
    manager = (PtNDManager) parent.newSubManager();
  }

  /** A value that outlives the call. */
  Arguments keep(IValue value) {
    values.add(value);
    return this;
  }

  Arguments integer(long value) {
    return own(IValue.from(value));
  }

  Arguments flag(boolean value) {
    return own(IValue.from(value));
  }

  Arguments flags(boolean... list) {
    return own(IValue.listFrom(list));
  }

  Arguments array(ByteBuffer bytes, DataType type, long... shape) {
    return add(manager.create(bytes, new Shape(shape), type));
  }

  /** Numbers as an array of float64. */
  Arguments numbers(double... list) {
    return add((PtNDArray) manager.create(list));
  }

  /** Numbers as an array of int64. */
  Arguments integers(long... list) {
    return add((PtNDArray) manager.create(list));
  }

  /** Calls a method; the result lives as long as this. */
  IValue call(Program program, String method) {
    IValue result = program.call(method, values.toArray(IValue[]::new));
    owned.add(result);
    return result;
  }

  /** Calls a method whose result is an array, which lives as long as this. */
  PtNDArray callArray(Program program, String method) {
    return call(program, method).toTensor(manager);
  }

  /** Calls a method that needs the autograd graph, with the arrays alone. */
  double[] train(Program program, String method) {
    return program.train(manager, method, arrays).toDoubleArray();
  }

  private Arguments add(PtNDArray array) {
    arrays.add(array);
    return own(IValue.from(array));
  }

  private Arguments own(IValue value) {
    owned.add(value);
    values.add(value);
    return this;
  }

  @Override
  public void close() {
    owned.forEach(IValue::close);
    manager.close();
  }

  /**
   * Memory outside the heap for one kind of input, reused from call to call: a fresh direct buffer
   * per call would pile up until the garbage collector looks.
   */
  static final class Staging {

    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    ByteBuffer floats(float[] values) {
      ByteBuffer target = sized(values.length * 4);
      target.asFloatBuffer().put(values);
      return target;
    }

    ByteBuffer bytes(byte[] values) {
      ByteBuffer target = sized(values.length);
      target.put(0, values);
      return target;
    }

    ByteBuffer copy(ByteBuffer values) {
      ByteBuffer target = sized(values.remaining());
      target.duplicate().put(values.duplicate());
      return target;
    }

    private ByteBuffer sized(int size) {
      if (bytes.capacity() < size) {
        bytes = ByteBuffer.allocateDirect(size);
      }
      return bytes.clear().limit(size).slice().order(ByteOrder.nativeOrder());
    }
  }
}
