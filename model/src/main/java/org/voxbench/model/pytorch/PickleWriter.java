package org.voxbench.model.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import org.voxbench.model.Tensor;

/** Writes the pickles of protocol 2 that PyTorch reads: texts, numbers, tensors, dictionaries. */
final class PickleWriter {

  private static final int LARGEST_BYTE = 255;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final IdentityHashMap<Tensor, Integer> storages = new IdentityHashMap<>();

  PickleWriter() {
    op(Opcode.PROTO).write(2);
  }

  PickleWriter op(Opcode opcode) {
    bytes.write(opcode.code());
    return this;
  }

  /** Any byte, for the instructions that only TorchScript takes. */
  PickleWriter write(int one) {
    bytes.write(one);
    return this;
  }

  PickleWriter global(String module, String name) {
    op(Opcode.GLOBAL);
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  PickleWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    op(Opcode.BINUNICODE).four(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  PickleWriter number(int value) {
    return value >= 0 && value <= LARGEST_BYTE
        ? op(Opcode.BININT1).write(value)
        : op(Opcode.BININT).four(value);
  }

  PickleWriter flag(boolean value) {
    return op(value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
  }

  PickleWriter numbers(List<Integer> values) {
    op(Opcode.MARK);
    values.forEach(this::number);
    return op(Opcode.TUPLE);
  }

  /** A tensor whose numbers lie in the entry {@code data/KEY}; the same tensor has the same key. */
  PickleWriter tensor(Tensor tensor) {
    int next = storages.size();
    int key = storages.computeIfAbsent(tensor, unseen -> next);
    boolean counter = tensor.kind() == Tensor.Kind.INT64;
    global("torch._utils", "_rebuild_tensor_v2").op(Opcode.MARK).op(Opcode.MARK).text("storage");
    global("torch", counter ? "LongStorage" : "FloatStorage").text(String.valueOf(key)).text("cpu");
    number(tensor.elements()).op(Opcode.TUPLE).op(Opcode.BINPERSID);
    number(0).numbers(tensor.shape()).numbers(strides(tensor.shape())).flag(false);
    global("collections", "OrderedDict").op(Opcode.EMPTY_TUPLE).op(Opcode.REDUCE);
    return op(Opcode.TUPLE).op(Opcode.REDUCE);
  }

  /** The tensors written, with their keys. */
  IdentityHashMap<Tensor, Integer> storages() {
    return storages;
  }

  byte[] finished() {
    op(Opcode.STOP);
    return bytes.toByteArray();
  }

  private PickleWriter four(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      write(value >> shift);
    }
    return this;
  }

  private static List<Integer> strides(List<Integer> shape) {
    Integer[] strides = new Integer[shape.size()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.get(axis);
    }
    return List.of(strides);
  }
}
