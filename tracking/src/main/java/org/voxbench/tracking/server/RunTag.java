package org.voxbench.tracking.server;

import org.jdbi.v3.core.Handle;

/** A checked tag of a run. The tag {@value #NAME} and the run's name are one thing. */
record RunTag(String key, String value) {

  static final String NAME = "mlflow.runName";

  static RunTag of(Payload tag) {
    return new RunTag(
        Names.key("tag", tag.required("key")),
        Names.cut(tag.text("value", ""), Names.MAX_TAG_VALUE));
  }

  void write(Handle handle, String run) {
    handle.execute(
        "MERGE INTO tracking.tag KEY (run_id, tag_key) VALUES (?, ?, ?)", run, key, value);
    if (key.equals(NAME)) {
      handle.execute("UPDATE tracking.run SET name = ? WHERE id = ?", value, run);
    }
  }
}
