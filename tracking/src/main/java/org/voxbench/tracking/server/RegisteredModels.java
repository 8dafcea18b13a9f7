package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.server.SearchSql.Column;

/** The {@code registered-models/} endpoints, aliases among them. */
final class RegisteredModels {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;

  private static final RegistrySearch SEARCH =
      new RegistrySearch(
          "registered_model_tag",
          "t.name = m.name",
          Map.of(
              "name", new Column("m.name", false),
              "creation_timestamp", new Column("m.created_ms", true),
              "last_updated_timestamp", new Column("m.updated_ms", true),
              "timestamp", new Column("m.updated_ms", true)));

  private final TrackingDatabase database;
  private final InstantSource clock;

  RegisteredModels(TrackingDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  private static boolean exists(Handle handle, String model) {
    return handle
        .createQuery("SELECT 1 FROM tracking.registered_model WHERE name = ?")
        .bind(0, model)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static void require(Handle handle, String model) {
    if (!exists(handle, model)) {
      throw ApiException.missing("Registered Model with name=" + model + " not found");
    }
  }

  private static ObjectNode shown(Handle handle, String model) {
    require(handle, model);
    return Json.of("registered_model", RegisteredModelRows.all(handle, List.of(model)).get(0));
  }

  ObjectNode create(Payload request) {
    String model = ModelNames.model(request, "name");
    String description = ModelNames.description(request);
    Map<String, String> tags = RegistryTags.of(request);
    return database.write(
        handle -> {
          refuseTaken(handle, model);
          long now = clock.millis();
          handle.execute(
              "INSERT INTO tracking.registered_model"
                  + " (name, description, created_ms, updated_ms, last_version)"
                  + " VALUES (?, ?, ?, ?, 0)",
              model,
              description,
              now,
              now);
          tags.forEach((key, value) -> RegistryTags.OF_MODELS.put(handle, key, value, model));
          return shown(handle, model);
        });
  }

  private static void refuseTaken(Handle handle, String model) {
    if (exists(handle, model)) {
      throw ApiException.exists("Registered Model (name=" + model + ") already exists.");
    }
  }

  ObjectNode get(Payload request) {
    String model = ModelNames.model(request, "name");
    return database.read(handle -> shown(handle, model));
  }

  ObjectNode rename(Payload request) {
    String model = ModelNames.model(request, "name");
    String name = ModelNames.model(request, "new_name");
    return database.write(
        handle -> {
          require(handle, model);
          if (!name.equals(model)) {
            refuseTaken(handle, name);
          }
          handle.execute(
              "UPDATE tracking.registered_model SET name = ?, updated_ms = ? WHERE name = ?",
              name,
              clock.millis(),
              model);
          return shown(handle, name);
        });
  }

  ObjectNode update(Payload request) {
    String model = ModelNames.model(request, "name");
    String description = ModelNames.description(request);
    return database.write(
        handle -> {
          handle.execute(
              "UPDATE tracking.registered_model SET description = ?, updated_ms = ? WHERE name = ?",
              description,
              clock.millis(),
              model);
          return shown(handle, model);
        });
  }

  ObjectNode delete(Payload request) {
    String model = ModelNames.model(request, "name");
    return database.write(
        handle -> {
          require(handle, model);
          handle.execute("DELETE FROM tracking.registered_model WHERE name = ?", model);
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
    String key = ModelNames.tagKey(request);
    return database.write(
        handle -> {
          require(handle, model);
          if (value == null) {
            RegistryTags.OF_MODELS.delete(handle, key, model);
          } else {
            RegistryTags.OF_MODELS.put(handle, key, value, model);
          }
          return Json.object();
        });
  }

  ObjectNode setAlias(Payload request) {
    String model = ModelNames.model(request, "name");
    String alias = ModelNames.newAlias(request);
    long version = ModelNames.version(request);
    return database.write(
        handle -> {
          require(handle, model);
          ModelVersionRows.location(handle, model, version);
          handle.execute(
              "MERGE INTO tracking.model_alias (name, alias, version) KEY (name, alias)"
                  + " VALUES (?, ?, ?)",
              model,
              alias,
              version);
          return Json.object();
        });
  }

  ObjectNode deleteAlias(Payload request) {
    String model = ModelNames.model(request, "name");
    String alias = ModelNames.alias(request);
    return database.write(
        handle -> {
          require(handle, model);
          handle.execute(
              "DELETE FROM tracking.model_alias WHERE name = ? AND alias = ?", model, alias);
          return Json.object();
        });
  }

  /** A missing alias is refused with 400, as MLflow does. */
  ObjectNode getAlias(Payload request) {
    String model = ModelNames.model(request, "name");
    String alias = ModelNames.alias(request);
    return database.read(
        handle -> {
          require(handle, model);
          long version =
              handle
                  .createQuery(
                      "SELECT version FROM tracking.model_alias WHERE name = ? AND alias = ?")
                  .bind(0, model)
                  .bind(1, alias)
                  .mapTo(Long.class)
                  .findOne()
                  .orElseThrow(
                      () ->
                          ApiException.invalid("Registered model alias " + alias + " not found."));
          return Json.of("model_version", ModelVersionRows.one(handle, model, version));
        });
  }

  ObjectNode latestVersions(Payload request) {
    String model = ModelNames.model(request, "name");
    List<String> stages = request.texts("stages");
    return database.read(
        handle -> {
          require(handle, model);
          return Json.with(
              Json.object(),
              "model_versions",
              RegisteredModelRows.latest(handle, List.of(model)).stream()
                  .filter(
                      version ->
                          stages.isEmpty()
                              || stages.stream()
                                  .anyMatch(
                                      version.path("current_stage").asText()::equalsIgnoreCase))
                  .toList());
        });
  }

  ObjectNode search(Payload request) {
    PageToken page = PageToken.of(request, DEFAULT_PAGE, MAX_PAGE);
    SearchSql sql = new SearchSql("SELECT m.name FROM tracking.registered_model m WHERE 1 = 1");
    SEARCH.narrow(sql, request);
    sql.add("m.name" + page.limit());
    return database.read(
        handle -> {
          ObjectNode answer = Json.object();
          List<String> names = page.cut(sql.list(handle, String.class), answer);
          return Json.with(answer, "registered_models", RegisteredModelRows.all(handle, names));
        });
  }
}
