package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voxbench.workflows.config.ConfigFolder.SMALL;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepName;
import org.voxbench.steps.checkpoint.PublishCheckpoint;
import org.voxbench.steps.download.Download;
import org.voxbench.steps.evaluate.Evaluate;
import org.voxbench.steps.preprocess.Preprocess;
import org.voxbench.steps.preprocess.PreprocessSettings;
import org.voxbench.steps.report.Report;
import org.voxbench.steps.train.Train;
import org.voxbench.steps.train.TrainConfig;

/** The schema's settings are those of the steps' records, no more and no fewer. */
class SchemaAgreementTest {

  static final Map<StepName, Class<?>> REQUESTS =
      Map.of(
          StepName.DOWNLOAD, Download.Request.class,
          StepName.PREPROCESS, Preprocess.Request.class,
          StepName.TRAIN, Train.Request.class,
          StepName.CHECKPOINT, PublishCheckpoint.Request.class,
          StepName.EVALUATE, Evaluate.Request.class,
          StepName.REPORT, Report.Request.class);

  private static final JsonMapper JSON = new JsonMapper();

  private final Schema schema = Schema.experiment();

  @Test
  void everyRequestHasExactlyTheComponentsOfItsRecord(@TempDir Path folder) {
    Experiment experiment = new ConfigFolder(folder).with("e.yaml", SMALL).read("e.yaml");
    REQUESTS.forEach(
        (step, type) -> {
          Set<String> keys = new TreeSet<>();
          experiment.request(step).fieldNames().forEachRemaining(keys::add);
          assertThat(keys).as(step.key()).isEqualTo(components(type).keySet());
        });
  }

  @Test
  void everySectionHasExactlyTheSettingsOfItsRecord() {
    REQUESTS.forEach(
        (step, type) ->
            components(type)
                .forEach(
                    (key, component) -> {
                      boolean top = schema.root().at("/properties/" + key).has("properties");
                      String path = (top ? "" : "dataset.") + key;
                      if (step != StepName.REPORT) {
                        assertAgree(path, component);
                      }
                    }));
  }

  @Test
  void theSchemasDefaultsAreThoseOfTheRecords(@TempDir Path folder) throws JsonProcessingException {
    Experiment experiment = new ConfigFolder(folder).with("e.yaml", SMALL).read("e.yaml");
    TrainConfig filled = JSON.treeToValue(experiment.tree().path("train"), TrainConfig.class);
    assertThat(filled).isEqualTo(TrainConfig.defaults());
    assertThat(adamw(experiment.tree())).isEqualTo(adamw(JsonNodeFactory.instance.objectNode()));
    Evaluate.Request evaluate =
        JSON.treeToValue(experiment.request(StepName.EVALUATE), Evaluate.Request.class);
    Preprocess.Request preprocess =
        JSON.treeToValue(experiment.request(StepName.PREPROCESS), Preprocess.Request.class);
    assertThat(preprocess.preprocess()).isEqualTo(PreprocessSettings.defaults());
    ObjectNode bare = (ObjectNode) experiment.request(StepName.EVALUATE);
    bare.remove("evaluate");
    assertThat(evaluate).isEqualTo(JSON.treeToValue(bare, Evaluate.Request.class));
  }

  @Test
  void theStepsTakeWhatIsValid(@TempDir Path folder) {
    assertThat(new ConfigFolder(folder, REQUESTS).complaintsAbout(SMALL)).isEmpty();
  }

  private static TrainConfig adamw(JsonNode tree) throws JsonProcessingException {
    ObjectNode train = JsonNodeFactory.instance.objectNode();
    ObjectNode root = tree.deepCopy();
    root.set("train", train);
    train.putObject("optimizer").put("kind", "adamw");
    if (tree.has("train")) {
      Schema.experiment().fillIn(root);
    }
    return JSON.treeToValue(train, TrainConfig.class);
  }

  private void assertAgree(String path, Class<?> type) {
    if (type.isSealed()) {
      for (NamedType kind : kinds(type)) {
        Set<String> expected = new TreeSet<>(components(kind.getType()).keySet());
        expected.add("kind");
        assertThat(settings(path, kind.getName())).as(path + " " + kind).isEqualTo(expected);
      }
    } else if (type.isRecord() && !settings(path, "sgd").isEmpty()) {
      assertThat(settings(path, "sgd")).as(path).isEqualTo(components(type).keySet());
      components(type).forEach((key, component) -> assertAgree(path + "." + key, component));
    }
  }

  private Set<String> settings(String path, String kind) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ObjectNode section = tree;
    for (String step : TreePath.of(path).steps()) {
      section = section.putObject(step);
    }
    section.put("kind", kind);
    JsonNode settings = schema.at(TreePath.of(path), tree);
    return new TreeSet<>(Schema.properties(settings, section).keySet());
  }

  private static List<NamedType> kinds(Class<?> sealed) {
    SerializationConfig config = JSON.getSerializationConfig();
    AnnotatedClass type =
        config.introspectClassAnnotations(JSON.constructType(sealed)).getClassInfo();
    List<NamedType> kinds =
        JSON.getSubtypeResolver().collectAndResolveSubtypesByClass(config, type).stream()
            .filter(kind -> kind.getType() != sealed)
            .collect(Collectors.toList());
    assertThat(kinds).hasSameSizeAs(sealed.getPermittedSubclasses());
    return kinds;
  }

  /** JSON keys of a record with the types behind them. */
  private static Map<String, Class<?>> components(Class<?> type) {
    SerializationConfig config = JSON.getSerializationConfig();
    Map<String, Class<?>> components = new TreeMap<>();
    for (BeanPropertyDefinition property :
        config.introspect(JSON.constructType(type)).findProperties()) {
      boolean unwrapped =
          config
                  .getAnnotationIntrospector()
                  .findUnwrappingNameTransformer(property.getPrimaryMember())
              != null;
      if (unwrapped) {
        components.putAll(components(property.getRawPrimaryType()));
      } else {
        components.put(property.getName(), property.getRawPrimaryType());
      }
    }
    return components;
  }
}
