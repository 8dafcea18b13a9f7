package org.voxbench.tracking.server;

import java.util.Map;
import org.voxbench.tracking.server.SearchSql.Column;

/**
 * What a search of registered models, of their versions or of logged models may ask for.
 *
 * @param tags table of the tags, which the query knows as {@code t}
 * @param join what ties a tag to its owner
 * @param attributes columns by the names that filters and orders use
 */
record RegistrySearch(String tags, String join, Map<String, Column> attributes) {

  private static final String IS_PROMPT = "mlflow.prompt.is_prompt";

  /** Adds the request's filter, and its order up to what breaks a tie, which has to follow. */
  void narrow(SearchSql sql, Payload request) {
    for (SearchFilter.Comparison comparison : SearchFilter.parse(request.text("filter", ""))) {
      sql.add(" AND ");
      compare(sql, comparison);
    }
    sql.add(" ORDER BY ");
    for (SearchOrder order : SearchOrder.parse(request.texts("order_by"))) {
      sql.add(attribute(order.field()) + order.direction() + ", ");
    }
  }

  /** The column to order by. */
  String attribute(SearchField field) {
    if (field.entity() != SearchField.Entity.ATTRIBUTE) {
      throw field.token().error("an attribute to order by");
    }
    return SearchSql.column(attributes, field).sql();
  }

  /** Adds one comparison. */
  void compare(SearchSql sql, SearchFilter.Comparison comparison) {
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
