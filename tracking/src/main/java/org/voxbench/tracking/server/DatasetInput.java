package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A checked dataset that a run says it read. */
record DatasetInput(
    String name, String digest, @Nullable String context, ObjectNode dataset, ArrayNode tags) {

  // MLflow's own limits, in characters.
  private static final int MAX_SOURCE = 65_535;
  private static final int MAX_SCHEMA = 1_048_575;
  private static final int MAX_PROFILE = 16_777_215;

  static DatasetInput of(Payload input) {
    Payload dataset = input.object("dataset");
    String name = Names.limited("dataset name", dataset.required("name"), 500);
    String digest = Names.limited("dataset digest", dataset.required("digest"), 36);
    ObjectNode shown = Json.object().put("name", name).put("digest", digest);
    shown.put("source_type", dataset.required("source_type"));
    shown.put("source", Names.limited("dataset source", dataset.required("source"), MAX_SOURCE));
    putText(shown, dataset, "schema", MAX_SCHEMA);
    putText(shown, dataset, "profile", MAX_PROFILE);
    String context = null;
    ArrayNode tags = Payload.MAPPER.createArrayNode();
    for (Payload tag : input.list("tags")) {
      RunTag checked = RunTag.of(tag);
      tags.add(Json.keyValue(checked.key(), checked.value()));
      if (checked.key().equals("mlflow.data.context")) {
        context = checked.value();
      }
    }
    return new DatasetInput(name, digest, context, shown, tags);
  }

  private static void putText(ObjectNode shown, Payload dataset, String field, int most) {
    String text = dataset.text(field);
    if (text != null) {
      shown.put(field, Names.limited("dataset " + field, text, most));
    }
  }

  void write(Handle handle, String run) {
    handle.execute(
        "MERGE INTO tracking.input KEY (run_id, dataset_name, dataset_digest)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        run,
        name,
        digest,
        context,
        dataset.toString(),
        tags.toString());
  }
}
