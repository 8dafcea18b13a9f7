package org.voxbench.workflows.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.RunBench;

/** What runs leave in {@code lineage.json}, against the schemas that OpenLineage publishes. */
class OpenLineageSchemaTest {

  private static final String SPEC = "https://openlineage.io/spec/";

  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(
          VersionFlag.V202012,
          builder ->
              builder.schemaMappers(mappers -> mappers.mapPrefix(SPEC, "classpath:openlineage/")));

  @TempDir private Path folder = Path.of("");
  private JsonNode events = Json.MAPPER.createArrayNode();

  @BeforeEach
  void twoRunsOfWhichTheSecondReuses() throws IOException {
    RunBench bench = new RunBench(folder);
    bench.observers().add(new Lineage(bench.home(), bench.catalogue()).observer());
    String id = "";
    for (int i = 0; i < 2; i++) {
      id = bench.queued(7);
      bench.lifecycle().begin(id);
      for (StepName step : StepName.values()) {
        bench.runner().run(id, step);
      }
      bench.lifecycle().succeed(id);
    }
    events = Json.MAPPER.readTree(Files.readAllBytes(bench.home().lineage(id)));
  }

  private JsonSchema schema(String location) {
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    return factory.getSchema(SchemaLocation.of(location), config);
  }

  @Test
  void everyEventIsValidAndSoIsEveryFacetByTheSchemaThatItNames() {
    assertThat(events).isNotEmpty();
    int facets = 0;
    for (JsonNode event : events) {
      assertThat(schema(SPEC + "2-0-2/OpenLineage.json").validate(event)).isEmpty();
      assertThat(schema(event.path("schemaURL").asText()).validate(event)).isEmpty();
      for (JsonNode facet : event.findValues("facets")) {
        for (JsonNode one : facet) {
          assertThat(schema(one.path("_schemaURL").asText()).validate(one)).isEmpty();
          facets++;
        }
      }
    }
    assertThat(facets).isGreaterThan(events.size() * 3);
  }

  @ParameterizedTest
  @CsvSource({
    "/eventTime, yesterday",
    "/eventType, DONE",
    "/run/runId, demo-1",
    "/producer, not a URI"
  })
  void anEventThatIsNotOneIsNotTakenForValid(String pointer, String value) {
    ObjectNode event = events.get(0).deepCopy();
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = slash == 0 ? event : (ObjectNode) event.at(pointer.substring(0, slash));
    parent.put(pointer.substring(slash + 1), value);

    assertThat(schema(event.path("schemaURL").asText()).validate(event)).isNotEmpty();
  }
}
