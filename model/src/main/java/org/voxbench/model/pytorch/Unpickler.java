package org.voxbench.model.pytorch;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle into plain values: {@link Long}, {@link BigInteger}, {@link Double}, {@link
 * Boolean}, {@link String}, {@code byte[]}, {@link List}, {@link Map}, {@link PickleValues.Tuple},
 * {@link TensorView}, and inert markers. A pickle is a program of a stack machine; this one knows
 * no instruction that reaches code, and no name but those of {@link Global}.
 *
 * <p>Own code rather than a library: the libraries for Java make objects by registered constructors
 * and refuse what is unknown late or not at all; here everything allowed stands in two tables, and
 * every refusal has its byte offset. Nothing recurses, and work and memory are bounded by the
 * number of instructions.
 */
final class Unpickler {

  /** A published checkpoint of a thousand epochs has about 100 000. */
  private static final int MOST_INSTRUCTIONS = 2_000_000;

  private static final int NEWEST_PROTOCOL = 5;

  private final PickleInput in;
  private final PickleValues values;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int at;

  Unpickler(PickleInput in) {
    this.in = in;
    values = new PickleValues();
  }

  /** The value of the pickle; the input stands behind it. */
  Object load() throws UnreadableWeightsException {
    for (int count = 0; count < MOST_INSTRUCTIONS; count++) {
      at = in.position();
      int code = in.one();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw failure(
            "the opcode %s is refused; only numbers, texts, containers and tensors are read and nothing is executed."
                    .formatted(Opcode.describe(code))
                + " A published checkpoint has no such opcode: get the file from its source again");
      }
      if (opcode == Opcode.STOP) {
        return pop();
      }
      try {
        obey(opcode);
      } catch (PickleValues.Unexpected e) {
        throw failure(opcode + ": " + e.getMessage());
      }
    }
    throw failure("more than %d instructions; weights need far fewer".formatted(MOST_INSTRUCTIONS));
  }

  /** Every storage the pickle named, by key. */
  Map<String, Storage> storages() {
    return values.storages();
  }

  private void obey(Opcode opcode) throws UnreadableWeightsException, PickleValues.Unexpected {
    switch (opcode) {
      case PROTO -> requireProtocol(in.one());
      case FRAME -> in.eight();
      case STOP -> throw new IllegalStateException();
      case MARK -> marks.add(stack.size());
      case POP -> pop();
      case POP_MARK -> popMarked();
      case DUP -> push(top());
      case EMPTY_LIST -> push(new ArrayList<>());
      case LIST -> push(popMarked());
      case APPEND -> appendTo(List.of(pop()));
      case APPENDS -> appendTo(popMarked());
      case EMPTY_DICT -> push(values.dictionary());
      case DICT -> push(values.put(values.dictionary(), popMarked()));
      case SETITEM -> putInto(pop(2));
      case SETITEMS -> putInto(popMarked());
      case EMPTY_TUPLE -> push(new PickleValues.Tuple(List.of()));
      case TUPLE -> push(new PickleValues.Tuple(popMarked()));
      case TUPLE1 -> push(new PickleValues.Tuple(pop(1)));
      case TUPLE2 -> push(new PickleValues.Tuple(pop(2)));
      case TUPLE3 -> push(new PickleValues.Tuple(pop(3)));
      case BINGET -> recall(in.one());
      case LONG_BINGET -> recall(in.count());
      case BINPUT -> memo.put((long) in.one(), top());
      case LONG_BINPUT -> memo.put(in.count(), top());
      case MEMOIZE -> memo.put((long) memo.size(), top());
      case GLOBAL -> push(global(in.line(), in.line()));
      case STACK_GLOBAL -> stackGlobal();
      case REDUCE -> reduce();
      case BUILD -> build();
      case BINPERSID -> push(values.storage(pop()));
      default -> push(literal(opcode));
    }
  }

  private Object literal(Opcode opcode) throws UnreadableWeightsException {
    return switch (opcode) {
      case NONE -> PickleValues.Marker.NONE;
      case NEWTRUE -> true;
      case NEWFALSE -> false;
      case BININT -> (long) in.four();
      case BININT1 -> (long) in.one();
      case BININT2 -> (long) in.two();
      case LONG1 -> integer(in.one());
      case LONG4 -> integer(in.count());
      case BINFLOAT -> in.real();
      case BINSTRING -> in.text(in.count(), StandardCharsets.ISO_8859_1);
      case SHORT_BINSTRING -> in.text(in.one(), StandardCharsets.ISO_8859_1);
      case BINUNICODE -> in.text(in.count(), StandardCharsets.UTF_8);
      case SHORT_BINUNICODE -> in.text(in.one(), StandardCharsets.UTF_8);
      case BINUNICODE8 -> in.text(in.eight(), StandardCharsets.UTF_8);
      case BINBYTES -> in.take(in.count());
      case SHORT_BINBYTES -> in.take(in.one());
      case BINBYTES8 -> in.take(in.eight());
      default -> throw new IllegalStateException(opcode.name());
    };
  }

  /** Little-endian two's complement of any length up to 255 bytes. */
  private Object integer(long length) throws UnreadableWeightsException {
    if (length > 255) {
      throw failure("an integer of %d bytes; the file is damaged".formatted(length));
    }
    byte[] digits = in.take(length);
    for (int i = 0; i < digits.length / 2; i++) {
      byte swapped = digits[i];
      digits[i] = digits[digits.length - 1 - i];
      digits[digits.length - 1 - i] = swapped;
    }
    if (digits.length == 0) {
      return 0L;
    }
    BigInteger number = new BigInteger(digits);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private void requireProtocol(int protocol) throws UnreadableWeightsException {
    if (protocol < 2 || protocol > NEWEST_PROTOCOL) {
      throw failure(
          "pickle protocol %d; expected 2 to %d, PyTorch writes 2"
              .formatted(protocol, NEWEST_PROTOCOL));
    }
  }

  private Global global(String module, String name) throws UnreadableWeightsException {
    Global global = Global.find(module, name);
    if (global == null) {
      throw failure(
          "the global %s.%s is refused; nothing is executed and only tensors, numbers and texts are read."
                  .formatted(module, name)
              + " Do not open the file with torch.load; get it from its source again, or ask its"
              + " author for torch.save(network.state_dict(), FILE) or safetensors");
    }
    return global;
  }

  private void stackGlobal() throws UnreadableWeightsException, PickleValues.Unexpected {
    List<Object> names = pop(2);
    push(
        global(
            PickleValues.expect(String.class, names.get(0)),
            PickleValues.expect(String.class, names.get(1))));
  }

  private void reduce() throws UnreadableWeightsException, PickleValues.Unexpected {
    List<Object> call = pop(2);
    push(
        values.call(
            PickleValues.expect(Global.class, call.get(0)),
            PickleValues.expect(PickleValues.Tuple.class, call.get(1)).items()));
  }

  /** The state of a dictionary (its version notes) or of an inert value is not kept. */
  private void build() throws UnreadableWeightsException, PickleValues.Unexpected {
    Object state = pop();
    Object target = top();
    if (target instanceof Numpy.Array array) {
      Numpy.build(array, state);
    } else if (target instanceof Numpy.Type type) {
      Numpy.build(type, state);
    } else if (!(target instanceof Map) && target != PickleValues.Marker.INERT) {
      throw new PickleValues.Unexpected("a dictionary or a numpy value", target);
    }
  }

  private void appendTo(List<Object> items)
      throws UnreadableWeightsException, PickleValues.Unexpected {
    values.append(top(), items);
  }

  private void putInto(List<Object> items)
      throws UnreadableWeightsException, PickleValues.Unexpected {
    values.put(top(), items);
  }

  private void recall(long key) throws UnreadableWeightsException {
    Object value = memo.get(key);
    if (value == null) {
      throw failure("refers to value %d, which does not exist; the file is damaged".formatted(key));
    }
    push(value);
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() throws UnreadableWeightsException {
    requireDepth(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws UnreadableWeightsException {
    requireDepth(1);
    return stack.remove(stack.size() - 1);
  }

  private List<Object> pop(int count) throws UnreadableWeightsException {
    requireDepth(count);
    return cut(stack.size() - count);
  }

  private List<Object> popMarked() throws UnreadableWeightsException {
    if (marks.isEmpty()) {
      throw failure("expected a mark but there is none; the file is damaged");
    }
    return cut(marks.remove(marks.size() - 1));
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> items = new ArrayList<>(Arrays.asList(tail.toArray()));
    tail.clear();
    return items;
  }

  /** Values below the last mark belong to somebody else. */
  private void requireDepth(int count) throws UnreadableWeightsException {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() - floor < count) {
      throw failure("expected %d values on the stack; the file is damaged".formatted(count));
    }
  }

  private UnreadableWeightsException failure(String what) {
    return in.failure(at, what);
  }
}
