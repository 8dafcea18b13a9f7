package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.voxbench.tracking.server.SearchField.Entity;
import org.voxbench.tracking.server.SearchFilter.Comparison;

/** The filter language: what is written is read back, and what is wrong is pointed at. */
class SearchFilterTest {

  /** One comparison as text and as what it must be read as. */
  record Written(String text, Entity entity, String key, String operator, List<String> values) {}

  @Provide
  Arbitrary<Written> written() {
    Arbitrary<String> key =
        Arbitraries.strings()
            .withChars("abcXYZ09_-./: `\"'äß")
            .ofMinLength(1)
            .ofMaxLength(20)
            .filter(text -> !text.isBlank());
    Arbitrary<String> value = Arbitraries.strings().ofMaxLength(20);
    Arbitrary<Character> quote = Arbitraries.of('\'', '"');
    Arbitrary<String> operator = Arbitraries.of("=", "!=", "LIKE", "ILIKE", "IN", "NOT IN");
    Arbitrary<Entity> entity = Arbitraries.of(Entity.METRIC, Entity.PARAM, Entity.TAG);
    return Combinators.combine(entity, key, operator, value.list().ofMinSize(1).ofMaxSize(3), quote)
        .as(SearchFilterTest::write);
  }

  private static Written write(
      Entity entity, String key, String operator, List<String> values, char quote) {
    boolean list = operator.endsWith("IN");
    List<String> used = list ? values : values.subList(0, 1);
    String shown = String.join(", ", used.stream().map(value -> quoted(value, quote)).toList());
    String text =
        entity.name().toLowerCase(Locale.ROOT)
            + "s."
            + quoted(key, '`')
            + " "
            + operator
            + " "
            + (list ? "(" + shown + ")" : shown);
    return new Written(text, entity, key, operator, used);
  }

  private static String quoted(String text, char quote) {
    return quote + text.replace("" + quote, "" + quote + quote) + quote;
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll("comparisons") List<Written> all) {
    String filter = String.join(" AND ", all.stream().map(Written::text).toList());
    List<Comparison> read = SearchFilter.parse(filter);
    assertThat(read).hasSameSizeAs(all);
    for (int i = 0; i < all.size(); i++) {
      Comparison comparison = read.get(i);
      assertThat(
              new Written(
                  all.get(i).text(),
                  comparison.field().entity(),
                  comparison.field().key(),
                  comparison.operator(),
                  comparison.values().stream().map(FilterToken::text).toList()))
          .isEqualTo(all.get(i));
    }
  }

  @Provide
  Arbitrary<List<Written>> comparisons() {
    return written().list().ofMaxSize(4);
  }

  @Property
  void anyTextIsReadOrRefusedButNeverBreaksTheParser(@ForAll("nearlyFilters") String text) {
    try {
      assertThat(SearchFilter.parse(text)).isNotNull();
    } catch (ApiException refused) {
      assertThat(refused).hasMessageContaining("at character ");
    }
  }

  @Provide
  Arbitrary<String> nearlyFilters() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "metrics.a",
            "tags.`b c`",
            "tags.\"x\"",
            "params.",
            ".",
            "name",
            "=",
            "!=",
            "LIKE",
            "IN",
            "NOT",
            "IS",
            "NULL",
            "AND",
            "OR",
            "(",
            ")",
            ",",
            "'v'",
            "\"w\"",
            "'",
            "`",
            "1.5",
            "-2e9",
            "!",
            "==",
            ";",
            "--",
            " ",
            "é");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(8).map(list -> String.join(" ", list)), Arbitraries.strings());
  }

  @Example
  void keysMayHoldDotsAndEntitiesHaveSeveralNames() {
    Comparison comparison = SearchFilter.parse("metric.train.dice.mean >= 0.9").get(0);
    assertThat(comparison.field().key()).isEqualTo("train.dice.mean");
    for (String prefix : List.of("param", "params", "parameter", "parameters", "PARAMS")) {
      assertThat(SearchFilter.parse(prefix + ".k = 'v'").get(0).field().entity())
          .isEqualTo(Entity.PARAM);
    }
    assertThat(SearchFilter.parse("Run_Name = 'v'").get(0).field().key()).isEqualTo("run_name");
    assertThat(SearchFilter.parse("  ")).isEmpty();
  }

  @Example
  void errorsSayWhereAndWhatWasExpected() {
    assertError("metrics.a > 1 OR metrics.b > 2", "character 15: expected AND or the end", "'OR'");
    assertError("metrics.a 1", "character 11: expected one of = != >", "found '1'");
    assertError("metrics.a >", "character 12: expected a number or a quoted", "found the end");
    assertError("metrics.a > 'x", "character 13", "never closed");
    assertError("(metrics.a > 1)", "character 1: expected a field", "'('");
    assertError("foo.a > 1", "metrics., params., tags.", "'foo.a'");
    assertError("tags.a IN ('x' 'y')", "expected , or )");
    assertError("tags.a IN (x)", "expected a quoted string");
    assertError("tags.a IS 5", "expected NULL");
    assertError("tags. = 'x'", "a key behind the dot");
  }

  private static void assertError(String filter, String... words) {
    assertThatThrownBy(() -> SearchFilter.parse(filter)).hasMessageContainingAll(words);
  }

  @Example
  void anOrderNamesAFieldAndADirection() {
    List<SearchOrder> orders =
        SearchOrder.parse(List.of("metrics.`val loss` DESC", "start_time asc", "tags.x"));
    assertThat(orders).extracting(SearchOrder::ascending).containsExactly(false, true, true);
    assertThat(orders.get(0).field().key()).isEqualTo("val loss");
    for (String bad : List.of("", "metrics.a UP", "metrics.a DESC DESC", "'a'", "a, b")) {
      assertThatThrownBy(() -> SearchOrder.parse(List.of(bad))).hasMessageContaining("expected");
    }
  }
}
