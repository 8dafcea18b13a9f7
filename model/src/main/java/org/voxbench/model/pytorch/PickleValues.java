package org.voxbench.model.pytorch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The values a pickle may make, and what each of its names gives when it is called. */
final class PickleValues {

  private final Map<String, Storage> storages = new HashMap<>();

  /** An immutable sequence. Its items may contain it, so it is never compared or printed. */
  record Tuple(List<Object> items) {}

  /** Values without content. */
  enum Marker {
    NONE,
    /** What a name of no interest for weights gave. */
    INERT
  }

  /** A value of the wrong kind; the caller knows where. */
  static final class Unexpected extends Exception {

    private static final long serialVersionUID = 1;

    Unexpected(String expected, Object found) {
      super(
          "expected %s but found %s; the file is damaged or not PyTorch's"
              .formatted(expected, kind(found)));
    }
  }

  static <T> T expect(Class<T> type, Object value) throws Unexpected {
    if (!type.isInstance(value)) {
      throw new Unexpected("a " + type.getSimpleName().toLowerCase(Locale.ROOT), value);
    }
    return type.cast(value);
  }

  /** Every storage that was named, by key. */
  Map<String, Storage> storages() {
    return storages;
  }

  Map<Object, Object> dictionary() {
    return new LinkedHashMap<>();
  }

  Object append(Object target, List<Object> items) throws Unexpected {
    if (!(target instanceof List<?>)) {
      throw new Unexpected("a list", target);
    }
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) target;
    list.addAll(items);
    return list;
  }

  /** Puts keys and values, which alternate. */
  Object put(Object target, List<Object> items) throws Unexpected {
    if ((!(target instanceof Map<?, ?>) && target != Marker.INERT) || items.size() % 2 != 0) {
      throw new Unexpected("a dictionary and pairs", target);
    }
    if (target == Marker.INERT) {
      return target;
    }
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) target;
    for (int i = 0; i < items.size(); i += 2) {
      if (map.put(key(items.get(i)), items.get(i + 1)) != null) {
        throw new Unexpected("each key once (%s is there twice)".formatted(items.get(i)), map);
      }
    }
    return map;
  }

  /** What a name gives for its arguments. */
  Object call(Global global, List<Object> arguments) throws Unexpected {
    return switch (global.meaning()) {
      case DICTIONARY -> empty(arguments);
      case TENSOR -> tensor(arguments);
      case PARAMETER -> expect(TensorView.class, argument(arguments, 0));
      case INERT -> Marker.INERT;
      case BYTES -> Numpy.encoded(argument(arguments, 0));
      case NUMPY_TYPE -> Numpy.type(argument(arguments, 0));
      case NUMPY_ARRAY -> new Numpy.Array();
      case NUMPY_NUMBER -> Numpy.scalar(argument(arguments, 0), argument(arguments, 1));
      case STORAGE -> throw new Unexpected("a function", global);
    };
  }

  private Map<Object, Object> empty(List<Object> arguments) throws Unexpected {
    if (!arguments.isEmpty()) {
      throw new Unexpected("an empty dictionary", arguments);
    }
    return dictionary();
  }

  /** A persistent id: ('storage', class, key, device, elements), and no view in the old form. */
  Storage storage(Object id) throws Unexpected {
    List<Object> parts = expect(Tuple.class, id).items();
    if (!"storage".equals(argument(parts, 0))) {
      throw new Unexpected("the word storage", parts.get(0));
    }
    ElementType type = expect(Global.class, argument(parts, 1)).type();
    String key = expect(String.class, argument(parts, 2));
    long elements = expect(Long.class, argument(parts, 4));
    if (parts.size() > 5 && parts.get(5) != Marker.NONE) {
      throw new Unexpected(
          "no view of a storage (files of PyTorch before 0.4: load and save it with a newer one)",
          parts.get(5));
    }
    if (type == null || elements < 0 || elements > Long.MAX_VALUE / Long.BYTES) {
      throw new Unexpected("a storage class and a size", argument(parts, 1));
    }
    Storage storage = new Storage(key, type, elements);
    Storage before = storages.putIfAbsent(key, storage);
    if (before != null && !before.equals(storage)) {
      throw new Unexpected("storage %s as before".formatted(key), storage);
    }
    return storage;
  }

  private TensorView tensor(List<Object> arguments) throws Unexpected {
    TensorView view =
        new TensorView(
            expect(Storage.class, argument(arguments, 0)),
            expect(Long.class, argument(arguments, 1)),
            numbers(argument(arguments, 2)),
            numbers(argument(arguments, 3)));
    String fault = view.fault();
    if (fault != null) {
      throw new Unexpected("a tensor within its storage (it has %s)".formatted(fault), view);
    }
    return view;
  }

  private static List<Long> numbers(Object value) throws Unexpected {
    List<Object> items = expect(Tuple.class, value).items();
    if (items.size() > TensorView.MOST_AXES) {
      throw new Unexpected("at most %d axes".formatted(TensorView.MOST_AXES), value);
    }
    Long[] numbers = new Long[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = expect(Long.class, items.get(i));
    }
    return List.of(numbers);
  }

  private static Object argument(List<Object> arguments, int index) throws Unexpected {
    if (index >= arguments.size()) {
      throw new Unexpected("%d arguments".formatted(index + 1), arguments);
    }
    return arguments.get(index);
  }

  /** Only keys whose hash takes a bounded time. */
  private static Object key(Object value) throws Unexpected {
    if (value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Marker) {
      return value;
    }
    throw new Unexpected("a text or a number as key", value);
  }

  /** The kind of a value, never its content: content may be endless. */
  static String kind(Object value) {
    if (value instanceof Global global) {
      return "the name " + global.name();
    }
    if (value instanceof List || value instanceof Tuple) {
      return "a sequence";
    }
    if (value instanceof Map) {
      return "a dictionary";
    }
    return value == Marker.NONE ? "None" : "a " + value.getClass().getSimpleName();
  }
}
