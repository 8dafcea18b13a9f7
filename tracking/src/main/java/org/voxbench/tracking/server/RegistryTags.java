package org.voxbench.tracking.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Tags of registered models and of their versions, which differ in table and owner alone. */
enum RegistryTags {
  OF_MODELS("registered_model_tag", "name"),
  OF_VERSIONS("model_version_tag", "name, version");

  private final String table;
  private final String owner;

  RegistryTags(String table, String owner) {
    this.table = table;
    this.owner = owner;
  }

  /** The checked tags of a request that makes something; of two of one key the last counts. */
  static Map<String, String> of(Payload request) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Payload tag : request.list("tags")) {
      tags.put(ModelNames.tagKey(tag), ModelNames.tagValue(tag));
    }
    return tags;
  }

  void put(Handle handle, String key, String value, Object... ids) {
    List<Object> arguments = new ArrayList<>(List.of(ids));
    arguments.add(key);
    arguments.add(value);
    handle.execute(
        "MERGE INTO tracking."
            + table
            + " KEY ("
            + owner
            + ", tag_key) VALUES ("
            + "?, ".repeat(ids.length + 1)
            + "?)",
        arguments.toArray());
  }

  void delete(Handle handle, String key, Object... ids) {
    List<Object> arguments = new ArrayList<>(List.of(ids));
    arguments.add(key);
    handle.execute(
        "DELETE FROM tracking."
            + table
            + " WHERE "
            + owner.replace(", ", " = ? AND ")
            + " = ? AND tag_key = ?",
        arguments.toArray());
  }
}
