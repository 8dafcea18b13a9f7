package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes a tree as the YAML that the reader takes back. */
public final class YamlText {

  private static final JsonMapper JSON = new JsonMapper();

  private YamlText() {}

  /** A tree as YAML; what holds no further lists or mappings stands on one line. */
  public static String of(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
    options.setWidth(120);
    return new Yaml(options).dump(JSON.convertValue(tree, Object.class));
  }
}
