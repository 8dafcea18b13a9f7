package org.voxbench.model;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Weights, running statistics and the optimizer's moments in device memory. */
final class TrainingState implements AutoCloseable {

  private static final String STEPS = "steps";

  private final Optimizer.Kind kind;
  private final State weights;
  private final List<State> moments = new ArrayList<>();
  private final List<IValue> momentDictionaries = new ArrayList<>();
  private @Nullable IValue weightsDictionary;
  private @Nullable IValue momentsList;

  TrainingState(PtNDManager manager, Optimizer optimizer) {
    kind = optimizer.kind();
    weights = new State(manager);
    int count = kind == Optimizer.Kind.ADAMW ? 3 : 1;
    for (int i = 0; i < count; i++) {
      moments.add(new State(manager));
    }
    if (kind == Optimizer.Kind.ADAMW) {
      moments.get(2).put(STEPS, Tensor.of(List.of(), 0f));
    }
  }

  /** Adds a tensor with its moments at 0. */
  void put(Layout.Entry entry, Tensor tensor) {
    weights.put(entry.name(), tensor);
    if (entry.trained()) {
      for (int i = 0; i < Math.min(2, moments.size()); i++) {
        moments.get(i).putZeros(entry.name(), tensor);
      }
    }
  }

  IValue weights() {
    IValue value = weightsDictionary == null ? weights.dictionary() : weightsDictionary;
    weightsDictionary = value;
    return value;
  }

  IValue moments() {
    IValue value = momentsList;
    if (value == null) {
      moments.forEach(moment -> momentDictionaries.add(moment.dictionary()));
      value = IValue.listFrom(momentDictionaries.toArray(IValue[]::new));
      momentsList = value;
    }
    return value;
  }

  /**
   * The tensors under their published names, second names included; they share the state's memory.
   */
  Map<String, Tensor> tensors(UnetrPlusPlusConfig config) {
    Map<String, Tensor> own = weights.tensors();
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Layout.Entry entry : Layout.of(config)) {
      String name = entry.aliasOf() == null ? entry.name() : entry.aliasOf();
      all.put(entry.name(), own.get(name));
    }
    return all;
  }

  void write(Path file, UnetrPlusPlusConfig config, Map<String, String> metadata)
      throws IOException {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors(config));
    for (int i = 0; i < moments.size(); i++) {
      String prefix = prefix(i);
      moments.get(i).tensors().forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    metadata.put("optimizer", kind.name());
    SafeTensors.write(file, new SafeTensors.Content(all, metadata));
  }

  /** The network's own tensors of a saved state. */
  static Map<String, Tensor> weights(Map<String, Tensor> saved) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    saved.forEach(
        (name, tensor) -> {
          if (!name.startsWith("optimizer.")) {
            weights.put(name, tensor);
          }
        });
    return weights;
  }

  /** Takes the moments of a saved state. */
  void restore(Path file, SafeTensors.Content saved) {
    String written = saved.metadata().get("optimizer");
    if (!kind.name().equals(written)) {
      throw new IllegalArgumentException(
          "%s: it was saved with optimizer %s but this training uses %s; give it the same or start afresh"
              .formatted(file, written, kind));
    }
    for (int i = 0; i < moments.size(); i++) {
      State moment = moments.get(i);
      for (Map.Entry<String, Tensor> entry : moment.tensors().entrySet()) {
        Tensor tensor = saved.tensors().get(prefix(i) + entry.getKey());
        if (tensor == null || !tensor.shape().equals(entry.getValue().shape())) {
          throw new IllegalArgumentException(
              "%s: no optimizer state of shape %s for %s"
                  .formatted(file, entry.getValue().shape(), entry.getKey()));
        }
        moment.put(entry.getKey(), tensor);
      }
    }
  }

  private static String prefix(int moment) {
    return "optimizer." + moment + ".";
  }

  @Override
  public void close() {
    if (weightsDictionary != null) {
      weightsDictionary.close();
    }
    if (momentsList != null) {
      momentsList.close();
    }
    momentDictionaries.forEach(IValue::close);
    weights.close();
    moments.forEach(State::close);
  }
}
