package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.voxbench.tracking.server.SearchSql.Column;

/** {@code experiments/search}. */
final class ExperimentSearch {

  private static final int MAX_PAGE = 50_000;

  private static final Map<String, Column> ATTRIBUTES =
      Map.of(
          "name", new Column("e.name", false),
          "experiment_id", new Column("e.id", true),
          "creation_time", new Column("e.created_ms", true),
          "last_update_time", new Column("e.updated_ms", true));

  private final TrackingDatabase database;

  ExperimentSearch(TrackingDatabase database) {
    this.database = database;
  }

  /** Unlike every other search this one wants {@code max_results}, as MLflow's does. */
  ObjectNode search(Payload request) {
    PageToken page = PageToken.of(request, 0, MAX_PAGE);
    SearchSql sql = new SearchSql("SELECT e.id FROM tracking.experiment e WHERE 1 = 1");
    ViewType.of(request, "view_type").restrict(sql, "e");
    for (SearchFilter.Comparison comparison : SearchFilter.parse(request.text("filter", ""))) {
      sql.add(" AND ");
      compare(sql, comparison);
    }
    sql.add(" ORDER BY ");
    for (SearchOrder order : SearchOrder.parse(request.texts("order_by"))) {
      sql.add(attribute(order.field()).sql() + order.direction() + ", ");
    }
    sql.add("e.created_ms DESC, e.id DESC" + page.limit());
    return database.read(
        handle -> {
          ObjectNode answer = Json.object();
          List<Long> ids = page.cut(sql.list(handle, Long.class), answer);
          return Json.with(answer, "experiments", ExperimentRows.all(handle, ids));
        });
  }

  private static void compare(SearchSql sql, SearchFilter.Comparison comparison) {
    SearchField field = comparison.field();
    if (field.entity() != SearchField.Entity.TAG) {
      sql.compare(attribute(field), comparison);
      return;
    }
    String operator = comparison.operator();
    sql.add(operator.equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
    sql.add(
        " (SELECT 1 FROM tracking.experiment_tag t WHERE t.experiment_id = e.id AND t.tag_key = ?",
        field.key());
    if (!operator.startsWith("IS")) {
      sql.add(" AND ");
      sql.compareText("t.tag_value", comparison);
    }
    sql.add(")");
  }

  private static Column attribute(SearchField field) {
    if (field.entity() != SearchField.Entity.ATTRIBUTE) {
      throw field.token().error("an attribute of an experiment or tags.<key>");
    }
    return SearchSql.column(ATTRIBUTES, field);
  }
}
