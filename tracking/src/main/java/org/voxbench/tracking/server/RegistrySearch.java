package org.voxbench.tracking.server;

import java.util.Map;
import org.voxbench.tracking.server.SearchSql.Column;

/** The filters of registered models and of their versions. */
final class RegistrySearch {

  private static final String IS_PROMPT = "mlflow.prompt.is_prompt";

  private RegistrySearch() {}

  static String attribute(SearchField field, Map<String, Column> attributes) {
    if (field.entity() != SearchField.Entity.ATTRIBUTE) {
      throw field.token().error("an attribute to order by");
    }
    return SearchSql.column(attributes, field).sql();
  }

  /**
   * Adds one comparison.
   *
   * @param tags table of the tags, which the query knows as {@code t}
   * @param join what ties a tag to its owner
   */
  static void compare(
      SearchSql sql,
      SearchFilter.Comparison comparison,
      Map<String, Column> attributes,
      String tags,
      String join) {
    SearchField field = comparison.field();
    String operator = comparison.operator();
    if (field.entity() == SearchField.Entity.ATTRIBUTE) {
      Column column = SearchSql.column(attributes, field);
      if (operator.endsWith("IN") && !column.numeric()) {
        sql.in(column.sql(), comparison);
      } else {
        sql.compare(column, comparison);
      }
      return;
    }
    if (field.entity() != SearchField.Entity.TAG) {
      throw field.token().error("an attribute or tags.<key>");
    }
    // Python asks so for all that is no prompt, and what has no such tag is none.
    boolean isNoPrompt =
        field.key().equals(IS_PROMPT)
            && (operator.equals("!=") || comparison.values().get(0).text().equals("false"));
    String some = " (SELECT 1 FROM tracking." + tags + " t WHERE " + join + " AND t.tag_key = ?";
    if (isNoPrompt) {
      sql.add("NOT EXISTS" + some + " AND t.tag_value = 'true')", field.key());
      return;
    }
    sql.add(operator.equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
    sql.add(some, field.key());
    if (!operator.startsWith("IS")) {
      sql.add(" AND ");
      sql.compareText("t.tag_value", comparison);
    }
    sql.add(")");
  }
}
