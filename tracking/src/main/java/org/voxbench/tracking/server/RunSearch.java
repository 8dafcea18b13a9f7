package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.voxbench.tracking.server.SearchSql.Column;

/** {@code runs/search}. */
final class RunSearch {

  private static final int DEFAULT_PAGE = 1000;
  private static final int MAX_PAGE = 50_000;

  private static final Map<String, Column> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("run_id", new Column("r.id", false)),
          Map.entry("run_name", new Column("r.name", false)),
          Map.entry("experiment_id", new Column("CAST(r.experiment_id AS VARCHAR)", false)),
          Map.entry("status", new Column("r.status", false)),
          Map.entry("user_id", new Column("r.user_id", false)),
          Map.entry("artifact_uri", new Column(ArtifactPath.RUN_URI_SQL, false)),
          Map.entry("start_time", new Column("r.start_ms", true)),
          Map.entry("created", new Column("r.start_ms", true)),
          Map.entry("end_time", new Column("r.end_ms", true)));

  private static final Map<String, Column> DATASET =
      Map.of(
          "name", new Column("i.dataset_name", false),
          "digest", new Column("i.dataset_digest", false),
          "context", new Column("i.context", false));

  private final TrackingDatabase database;

  RunSearch(TrackingDatabase database) {
    this.database = database;
  }

  ObjectNode search(Payload request) {
    PageToken asked = PageToken.of(request, DEFAULT_PAGE, MAX_PAGE);
    List<SearchOrder> orders = SearchOrder.parse(request.texts("order_by"));
    SearchSql sql = new SearchSql("SELECT r.id FROM tracking.run r");
    joins(sql, orders);
    sql.add(" WHERE r.experiment_id IN (-1");
    for (String id : request.texts("experiment_ids")) {
      sql.add(", ?", Experiments.id(id));
    }
    sql.add(")");
    ViewType.of(request, "run_view_type").restrict(sql, "r");
    for (SearchFilter.Comparison comparison : SearchFilter.parse(request.text("filter", ""))) {
      sql.add(" AND ");
      compare(sql, comparison);
    }
    return database.read(
        handle -> {
          PageToken page = asked.within(newest(handle));
          // The sum keeps H2 from reading the runs of all experiments by this index.
          sql.add(" AND r.seq + 0 <= ?", page.until());
          order(sql, orders);
          sql.add(page.limit());
          ObjectNode answer = Json.object();
          List<String> ids = page.cut(sql.list(handle, String.class), answer);
          return Json.with(answer, "runs", RunRows.all(handle, ids));
        });
  }

  private static long newest(Handle handle) {
    return handle
        .createQuery("SELECT COALESCE(MAX(seq), 0) FROM tracking.run")
        .mapTo(Long.class)
        .one();
  }

  private static void compare(SearchSql sql, SearchFilter.Comparison comparison) {
    SearchField field = comparison.field();
    switch (field.entity()) {
      case METRIC -> {
        // NaN is above every number in the database, and no comparison holds for it in MLflow.
        sql.add(
            "EXISTS (SELECT 1 FROM tracking.series s WHERE s.run_id = r.id AND s.metric_key = ?"
                + " AND s.latest_value <> CAST('NaN' AS DOUBLE PRECISION) AND ",
            field.key());
        sql.compare(new Column("s.latest_value", true), comparison);
        sql.add(")");
      }
      case PARAM -> pair(sql, "param", comparison);
      case TAG -> pair(sql, "tag", comparison);
      case DATASET -> {
        sql.add("EXISTS (SELECT 1 FROM tracking.input i WHERE i.run_id = r.id AND ");
        textOrList(sql, SearchSql.column(DATASET, field), comparison);
        sql.add(")");
      }
      case ATTRIBUTE -> {
        Column column = SearchSql.column(ATTRIBUTES, field);
        if (field.key().equals("run_id")) {
          textOrList(sql, column, comparison);
        } else {
          sql.compare(column, comparison);
        }
      }
    }
  }

  private static void textOrList(SearchSql sql, Column column, SearchFilter.Comparison comparison) {
    if (comparison.operator().endsWith("IN")) {
      sql.in(column.sql(), comparison);
    } else {
      sql.compareText(column.sql(), comparison);
    }
  }

  static void pair(SearchSql sql, String table, SearchFilter.Comparison comparison) {
    String operator = comparison.operator();
    sql.add(operator.equals("IS NULL") ? "NOT EXISTS" : "EXISTS");
    sql.add(
        " (SELECT 1 FROM tracking."
            + table
            + " v WHERE v.run_id = r.id AND v."
            + table
            + "_key = ?",
        comparison.field().key());
    if (!operator.startsWith("IS")) {
      sql.add(" AND ");
      sql.compareText("v." + table + "_value", comparison);
    }
    sql.add(")");
  }

  private static void joins(SearchSql sql, List<SearchOrder> orders) {
    for (int i = 0; i < orders.size(); i++) {
      SearchField field = orders.get(i).field();
      String table =
          switch (field.entity()) {
            case METRIC -> "series";
            case PARAM -> "param";
            case TAG -> "tag";
            case ATTRIBUTE -> "";
            case DATASET -> throw field.token().error("anything but a dataset to order by");
          };
      if (!table.isEmpty()) {
        String key = table.equals("series") ? "metric" : table;
        sql.add(
            " LEFT JOIN tracking."
                + table
                + " o"
                + i
                + " ON o"
                + i
                + ".run_id = r.id AND o"
                + i
                + "."
                + key
                + "_key = ?",
            field.key());
      }
    }
  }

  private static void order(SearchSql sql, List<SearchOrder> orders) {
    sql.add(" ORDER BY ");
    for (int i = 0; i < orders.size(); i++) {
      SearchField field = orders.get(i).field();
      String column =
          switch (field.entity()) {
            case METRIC -> "o" + i + ".latest_value";
            case PARAM -> "o" + i + ".param_value";
            case TAG -> "o" + i + ".tag_value";
            default -> SearchSql.column(ATTRIBUTES, field).sql();
          };
      if (field.entity() == SearchField.Entity.METRIC) {
        sql.add(
            "CASE WHEN "
                + column
                + " = CAST('NaN' AS DOUBLE PRECISION) THEN 1 WHEN "
                + column
                + " IS NULL THEN 2 ELSE 0 END, ");
      }
      sql.add(column + orders.get(i).direction() + " NULLS LAST, ");
    }
    sql.add("r.start_ms DESC NULLS LAST, r.id");
  }
}
