package org.voxbench.steps.preprocess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.RawDataset;

/** The fingerprint and plan of a dataset as values, to be shown and compared. */
public final class DatasetAnalysis {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DatasetAnalysis() {}

  /**
   * Reads and checks all labelled cases.
   *
   * @param context for its resources, listener and stop signal; nothing is written
   * @throws org.voxbench.steps.PermanentStepException naming every bad case
   */
  public static Fingerprint fingerprint(
      RawDataset raw, Preprocess.Request request, StepContext context) throws IOException {
    return new Preparation(raw, request, context).fingerprint(raw.training());
  }

  /** What preprocess would do to a dataset of this fingerprint. */
  public static PreparationPlan plan(Fingerprint fingerprint, PreprocessSettings settings) {
    return Planning.plan(fingerprint, settings);
  }

  /**
   * The network, patch and batch for a dataset that has no published plan.
   *
   * @param fingerprint of its labelled cases
   * @param plan made from the same fingerprint
   * @param classes foreground classes
   * @param memoryBytes memory of the training device
   * @throws org.voxbench.steps.PermanentStepException when not even the smallest patch fits
   */
  public static NetworkPlan network(
      Fingerprint fingerprint, PreparationPlan plan, int classes, long memoryBytes) {
    NetworkPlan.Shapes shapes =
        new NetworkPlan.Shapes(plan.medianShape(), plan.spacing().anisotropy());
    return NetworkPlan.of(shapes, fingerprint.scans().size(), classes, memoryBytes);
  }

  /** A plan as it stands in YAML: the value of {@code dataset.plan}. */
  public static JsonNode declared(PreparationPlan plan, NetworkPlan network) {
    ObjectNode declared = JSON.createObjectNode();
    declared.set("spacing", JSON.valueToTree(plan.spacing()));
    declared.set("normalization", JSON.valueToTree(ChannelScaling.fixed(plan.normalization())));
    ObjectNode shape = declared.putObject("network");
    shape.put("variant", NetworkPlan.VARIANT);
    shape.set("stem", JSON.valueToTree(network.stem()));
    shape.set("patch", JSON.valueToTree(network.patch()));
    declared.put("batch", network.batch());
    return declared;
  }

  /**
   * How two fingerprints or plans differ.
   *
   * @return one line {@code path: before -> after} per differing value, in the order of the paths
   */
  public static List<String> differences(Object before, Object after) {
    List<String> lines = new ArrayList<>();
    compare("", JSON.valueToTree(before), JSON.valueToTree(after), lines);
    return lines;
  }

  private static void compare(String path, JsonNode before, JsonNode after, List<String> lines) {
    if (before.isObject() && after.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      for (JsonNode node : List.of(before, after)) {
        node.properties().forEach(entry -> names.add(entry.getKey()));
      }
      for (String name : names) {
        String inner = path.isEmpty() ? name : path + "." + name;
        compare(inner, before.path(name), after.path(name), lines);
      }
    } else if (before.isArray()
        && after.isArray()
        && before.size() == after.size()
        && nested(before)) {
      for (int index = 0; index < before.size(); index++) {
        compare(path + "[" + index + "]", before.get(index), after.get(index), lines);
      }
    } else if (!same(before, after)) {
      lines.add(path + ": " + text(before) + " -> " + text(after));
    }
  }

  /** 3 and 3.0 are one number, however they were written. */
  private static boolean same(JsonNode before, JsonNode after) {
    if (before.isArray() && after.isArray() && before.size() == after.size()) {
      boolean same = true;
      for (int index = 0; index < before.size(); index++) {
        same &= same(before.get(index), after.get(index));
      }
      return same;
    }
    return (before.isNumber() && after.isNumber())
        ? before.doubleValue() == after.doubleValue()
        : before.equals(after);
  }

  private static boolean nested(JsonNode array) {
    return !array.isEmpty() && array.get(0).isContainerNode();
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode()) {
      return "absent";
    }
    return value.isArray() && nested(value) ? value.size() + " entries" : value.toString();
  }
}
