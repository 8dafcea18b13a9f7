package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void oneValueHasOneText() throws JsonProcessingException {
    assertThat(canonical("{\"b\": 1.0, \"a\": [1e0, 1, 100, 1E2, -0.0, 0.10], \"\": null}"))
        .isEqualTo("{\"\":null,\"a\":[1,1,100,100,0,0.1],\"b\":1}");
    assertThat(canonical("[]")).isEqualTo("[]");
    assertThat(canonical("{}")).isEqualTo("{}");
    assertThat(canonical("[{}, \"\\u00e9\\n\", true]")).isEqualTo("[{},\"\u00e9\\n\",true]");
    assertThat(canonical("0.00003")).isEqualTo(canonical("3e-5")).isEqualTo("0.00003");
  }

  @Test
  void anExponentNeverBecomesAFloodOfZeros() {
    assertThat(CanonicalJson.of(DecimalNode.valueOf(new BigDecimal("1e999999999"))))
        .isEqualTo("1E+999999999");
    assertThat(CanonicalJson.of(DoubleNode.valueOf(Double.MIN_VALUE))).isEqualTo("4.9E-324");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(DoubleNode.valueOf(Double.NaN)))
        .withMessage("expected a finite number but found NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of(JsonNodeFactory.instance.missingNode()));
  }

  @Property(tries = 300)
  void orderOfKeysAndFormOfNumbersDoNotMatter(@ForAll long seed) {
    Random random = new Random(seed);
    JsonNode tree = Trees.any(random, 4);
    assertThat(CanonicalJson.of(rewritten(tree, random))).isEqualTo(CanonicalJson.of(tree));
  }

  @Property(tries = 300)
  void theTextHoldsTheWholeValue(@ForAll long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    JsonNode tree = Trees.any(random, 4);
    String text = CanonicalJson.of(tree);
    JsonNode again =
        JSON.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readTree(text);
    assertThat(CanonicalJson.of(again)).isEqualTo(text);
    assertThat(Difference.between(tree, again)).isEmpty();
  }

  @Property(tries = 300)
  void aDifferenceIsFoundExactlyWhenTheTextsDiffer(@ForAll long seed) {
    Random random = new Random(seed);
    JsonNode one = Trees.any(random, 2);
    JsonNode two = Trees.any(random, 2);
    assertThat(Difference.between(one, two).isEmpty())
        .isEqualTo(CanonicalJson.of(one).equals(CanonicalJson.of(two)));
  }

  @Test
  void differencesReadAsASentenceAboutOneSetting() throws JsonProcessingException {
    JsonNode before =
        JSON.readTree("{\"optimizer\":{\"learningRate\":0.01,\"kind\":\"sgd\"},\"patch\":[1,2]}");
    JsonNode after =
        JSON.readTree("{\"optimizer\":{\"learningRate\":0.005},\"patch\":[1.0,2,3],\"seed\":1}");
    assertThat(Difference.between(before, after))
        .map(Difference::toString)
        .containsExactly(
            "optimizer.kind \"sgd\" -> (absent)",
            "optimizer.learningRate 0.01 -> 0.005",
            "patch [1,2] -> [1,2,3]",
            "seed (absent) -> 1");
  }

  private static String canonical(String json) throws JsonProcessingException {
    return CanonicalJson.of(JSON.readTree(json));
  }

  /** The same value with keys in another order and numbers in another form. */
  private static JsonNode rewritten(JsonNode node, Random random) {
    if (node.isObject()) {
      List<String> keys = new ArrayList<>();
      node.fieldNames().forEachRemaining(keys::add);
      Collections.shuffle(keys, random);
      ObjectNode other = JsonNodeFactory.instance.objectNode();
      keys.forEach(key -> other.set(key, rewritten(node.required(key), random)));
      return other;
    }
    if (node.isArray()) {
      var other = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> other.add(rewritten(item, random)));
      return other;
    }
    if (node.isNumber()) {
      BigDecimal value = node.decimalValue();
      return DecimalNode.valueOf(value.setScale(value.scale() + random.nextInt(5)));
    }
    return node;
  }
}
