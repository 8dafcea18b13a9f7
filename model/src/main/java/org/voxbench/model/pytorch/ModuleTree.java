package org.voxbench.model.pytorch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.voxbench.model.Tensor;
import org.voxbench.model.Weights;

/**
 * Weights as the tree of modules that their dotted names describe, one TorchScript class per
 * module: so {@code state_dict()}, {@code to(device)} and {@code half()} work in Python.
 */
final class ModuleTree {

  /** The opcode that makes an instance of a TorchScript class; this project's reader refuses it. */
  private static final int NEW_OBJECT = 0x81;

  private static final String ROOT = "UnetrPlusPlus";

  /** The root's methods; the weights are gathered anew so that they may move or change type. */
  private static final String FORWARD =
      """
        # x (batch, channels, z, y, x) -> logits (batch, classes, z, y, x) in float32, in evaluation mode.
        def forward(self: __torch__.UnetrPlusPlus, x: Tensor) -> Tensor:
          w = (self).gathered()
          network = annotate(Dict[str, Tensor], {})
          for name, tensor in w.items():
            kind = x.dtype
            if __torch__.update.stays_float(w, name):
              kind = 6
            network[name] = __torch__.update.channels_last(tensor, kind)
          image = __torch__.layers.image(x, x.dtype)
          return __torch__.network.forward(image, network, annotate(List[float], []), False)[0].to(6)

        def gathered(self: __torch__.UnetrPlusPlus) -> Dict[str, Tensor]:
          w = annotate(Dict[str, Tensor], {})
      """;

  private final String type;
  private final Map<String, ModuleTree> modules = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private ModuleTree(String type) {
    this.type = type;
  }

  static ModuleTree of(Weights weights) {
    ModuleTree root = new ModuleTree(ROOT);
    int[] count = {0};
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] steps = name.split("\\.", -1);
              ModuleTree module = root;
              for (int i = 0; i < steps.length - 1; i++) {
                module =
                    module.modules.computeIfAbsent(
                        steps[i], step -> new ModuleTree("parts.Module" + count[0]++));
              }
              module.tensors.put(steps[steps.length - 1], tensor);
            });
    return root;
  }

  /** Writes this module with everything in it. */
  void pickle(PickleWriter out) {
    String module = type.contains(".") ? "__torch__.parts" : "__torch__";
    out.global(module, type.substring(type.indexOf('.') + 1));
    out.op(Opcode.EMPTY_TUPLE).write(NEW_OBJECT).op(Opcode.EMPTY_DICT).op(Opcode.MARK);
    out.text("training").flag(false);
    tensors.forEach((name, tensor) -> out.text(name).tensor(tensor));
    modules.forEach(
        (name, child) -> {
          out.text(name);
          child.pickle(out);
        });
    out.op(Opcode.SETITEMS).op(Opcode.BUILD);
  }

  /** Source of the root's class. */
  String root() {
    StringBuilder text = new StringBuilder();
    declare(text);
    text.append(FORWARD);
    gather(text, "self", "");
    return text.append("    return w\n").toString();
  }

  /** Source of all other classes, each after those it holds. */
  String parts() {
    StringBuilder text = new StringBuilder();
    modules.values().forEach(module -> module.declareAll(text));
    return text.toString();
  }

  private void declareAll(StringBuilder text) {
    modules.values().forEach(module -> module.declareAll(text));
    declare(text);
  }

  private void declare(StringBuilder text) {
    text.append("class %s(Module):\n".formatted(type.substring(type.indexOf('.') + 1)));
    text.append("  __parameters__ = [%s]\n".formatted(names(false)));
    text.append("  __buffers__ = [%s]\n".formatted(names(true)));
    text.append("  training : bool\n");
    tensors.keySet().forEach(name -> text.append("  %s : Tensor\n".formatted(name)));
    modules.forEach(
        (name, module) ->
            text.append(
                isNumber(name)
                    ? "  __annotations__[\"%s\"] = __torch__.%s\n".formatted(name, module.type)
                    : "  %s : __torch__.%s\n".formatted(name, module.type)));
  }

  private String names(boolean buffers) {
    return tensors.keySet().stream()
        .filter(name -> isBuffer(name) == buffers)
        .map(name -> "\"" + name + "\", ")
        .collect(Collectors.joining());
  }

  private void gather(StringBuilder text, String self, String prefix) {
    for (String name : tensors.keySet()) {
      // Counters play no part in a prediction.
      if (!name.equals("num_batches_tracked")) {
        text.append("    w[\"%s%s\"] = %s.%s\n".formatted(prefix, name, self, name));
      }
    }
    modules.forEach(
        (name, module) ->
            module.gather(
                text,
                isNumber(name) ? "getattr(%s, \"%s\")".formatted(self, name) : self + "." + name,
                prefix + name + "."));
  }

  private static boolean isBuffer(String name) {
    return name.startsWith("running_") || name.equals("num_batches_tracked");
  }

  private static boolean isNumber(String name) {
    return Character.isDigit(name.charAt(0));
  }
}
