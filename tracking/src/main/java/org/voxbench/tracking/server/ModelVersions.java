package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.server.SearchSql.Column;

/** The {@code model-versions/} endpoints. */
final class ModelVersions {

  private static final int DEFAULT_PAGE = 10_000;
  private static final int MAX_PAGE = 200_000;
  private static final Set<String> STAGES = Set.of("None", "Staging", "Production", "Archived");

  private static final RegistrySearch SEARCH =
      new RegistrySearch(
          "model_version_tag",
          "t.name = v.name AND t.version = v.version",
          Map.of(
              "name", new Column("v.name", false),
              "version_number", new Column("v.version", true),
              "version", new Column("v.version", true),
              "run_id", new Column("v.run_id", false),
              "source_path", new Column("v.source", false),
              "creation_timestamp", new Column("v.created_ms", true),
              "last_updated_timestamp", new Column("v.updated_ms", true)));

  private final TrackingDatabase database;
  private final InstantSource clock;

  ModelVersions(TrackingDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  ObjectNode create(Payload request) {
    String model = ModelNames.model(request, "name");
    String source = ModelNames.source(request);
    String run = request.text("run_id", "");
    String logged = request.text("model_id", "");
    String link = Names.limited("run_link", request.text("run_link", ""), 500);
    String description = ModelNames.description(request);
    Map<String, String> tags = RegistryTags.of(request);
    return database.write(
        handle -> {
          RegisteredModels.require(handle, model);
          String location = ModelSource.location(handle, source, run);
          long now = clock.millis();
          long version = nextNumber(handle, model, now);
          handle.execute(
              "INSERT INTO tracking.model_version (name, version, description, created_ms,"
                  + " updated_ms, stage, source, location, run_id, run_link, model_id)"
                  + " VALUES (?, ?, ?, ?, ?, 'None', ?, ?, ?, ?, ?)",
              model,
              version,
              description,
              now,
              now,
              source,
              location,
              run,
              link,
              logged);
          tags.forEach(
              (key, value) -> RegistryTags.OF_VERSIONS.put(handle, key, value, model, version));
          return Json.of("model_version", ModelVersionRows.one(handle, model, version));
        });
  }

  /** Counts the model's versions on; a deleted version's number is never given again. */
  private static long nextNumber(Handle handle, String model, long now) {
    handle.execute(
        "UPDATE tracking.registered_model SET last_version = last_version + 1,"
            + " updated_ms = ? WHERE name = ?",
        now,
        model);
    return handle
        .createQuery("SELECT last_version FROM tracking.registered_model WHERE name = ?")
        .bind(0, model)
        .mapTo(Long.class)
        .one();
  }

  ObjectNode get(Payload request) {
    String model = ModelNames.model(request, "name");
    long version = ModelNames.version(request);
    return database.read(
        handle -> Json.of("model_version", ModelVersionRows.one(handle, model, version)));
  }

  ObjectNode downloadUri(Payload request) {
    String model = ModelNames.model(request, "name");
    long version = ModelNames.version(request);
    return database.read(
        handle ->
            Json.object().put("artifact_uri", ModelVersionRows.location(handle, model, version)));
  }

  ObjectNode update(Payload request) {
    return change(request, "description", ModelNames.description(request));
  }

  ObjectNode transition(Payload request) {
    String asked = request.required("stage");
    String stage =
        STAGES.stream()
            .filter(asked::equalsIgnoreCase)
            .findFirst()
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        "Invalid Model Version stage: "
                            + asked
                            + ". Value must be one of None, Staging, Production, Archived."));
    return change(request, "stage", stage);
  }

  private ObjectNode change(Payload request, String column, String value) {
    String model = ModelNames.model(request, "name");
    long version = ModelNames.version(request);
    return database.write(
        handle -> {
          handle.execute(
              "UPDATE tracking.model_version SET "
                  + column
                  + " = ?, updated_ms = ? WHERE name = ? AND version = ?",
              value,
              clock.millis(),
              model,
              version);
          return Json.of("model_version", ModelVersionRows.one(handle, model, version));
        });
  }

  ObjectNode delete(Payload request) {
    String model = ModelNames.model(request, "name");
    long version = ModelNames.version(request);
    return database.write(
        handle -> {
          int deleted =
              handle.execute(
                  "DELETE FROM tracking.model_version WHERE name = ? AND version = ?",
                  model,
                  version);
          if (deleted == 0) {
            throw ModelVersionRows.unknown(model, version);
          }
          return Json.object();
        });
  }

  ObjectNode setTag(Payload request) {
    return tag(request, ModelNames.tagValue(request));
  }

  ObjectNode deleteTag(Payload request) {
    return tag(request, null);
  }

  private ObjectNode tag(Payload request, @Nullable String value) {
    String model = ModelNames.model(request, "name");
    long version = ModelNames.version(request);
    String key = ModelNames.tagKey(request);
    return database.write(
        handle -> {
          ModelVersionRows.location(handle, model, version);
          if (value == null) {
            RegistryTags.OF_VERSIONS.delete(handle, key, model, version);
          } else {
            RegistryTags.OF_VERSIONS.put(handle, key, value, model, version);
          }
          return Json.object();
        });
  }

  ObjectNode search(Payload request) {
    PageToken page = PageToken.of(request, DEFAULT_PAGE, MAX_PAGE);
    SearchSql sql =
        new SearchSql("SELECT v.name, v.version FROM tracking.model_version v WHERE 1 = 1");
    SEARCH.narrow(sql, request);
    sql.add("v.updated_ms DESC, v.name, v.version DESC" + page.limit());
    return database.read(
        handle -> {
          ObjectNode answer = Json.object();
          List<ModelVersionRows.Key> keys =
              page.cut(
                  sql.rows(
                      handle, row -> new ModelVersionRows.Key(row.getString(1), row.getLong(2))),
                  answer);
          return Json.with(answer, "model_versions", ModelVersionRows.all(handle, keys));
        });
  }
}
