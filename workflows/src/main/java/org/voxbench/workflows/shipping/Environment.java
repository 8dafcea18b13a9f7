package org.voxbench.workflows.shipping;

import java.util.Map;
import java.util.TreeMap;

/** Where runs are told from. */
final class Environment {

  private Environment() {}

  /** Tags in MLflow's own words where it has some. */
  static Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    tags.put("mlflow.source.name", "voxbench");
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("mlflow.user", System.getProperty("user.name", "unknown"));
    tags.put("voxbench.java", System.getProperty("java.version", "unknown"));
    tags.put(
        "voxbench.os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    tags.put("voxbench.processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    String version = Environment.class.getPackage().getImplementationVersion();
    if (version != null) {
      tags.put("voxbench.version", version);
    }
    return tags;
  }
}
