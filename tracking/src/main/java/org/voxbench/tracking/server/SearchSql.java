package org.voxbench.tracking.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** A query under construction; what a user typed enters only as a bound argument. */
final class SearchSql {

  /** A column that filters may name. */
  record Column(String sql, boolean numeric) {}

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  private final StringBuilder text;
  private final List<Object> arguments = new ArrayList<>();

  SearchSql(String start) {
    text = new StringBuilder(start);
  }

  SearchSql add(String sql, Object... values) {
    text.append(sql);
    arguments.addAll(List.of(values));
    return this;
  }

  <T> List<T> list(Handle handle, Class<T> type) {
    try (Query query = handle.createQuery(text.toString())) {
      for (int i = 0; i < arguments.size(); i++) {
        query.bind(i, arguments.get(i));
      }
      return query.mapTo(type).list();
    }
  }

  <T> List<T> rows(Handle handle, RowReader<T> reader) {
    try (Query query = handle.createQuery(text.toString())) {
      for (int i = 0; i < arguments.size(); i++) {
        query.bind(i, arguments.get(i));
      }
      return query.map((row, context) -> reader.read(row)).list();
    }
  }

  /** Reads one row. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static Column column(Map<String, Column> columns, SearchField field) {
    Column column = columns.get(field.key());
    if (column == null) {
      throw field.token().error("an attribute out of " + new TreeSet<>(columns.keySet()));
    }
    return column;
  }

  /** Compares a column with the value of the comparison. */
  void compare(Column column, SearchFilter.Comparison comparison) {
    if (column.numeric()) {
      add(column.sql() + " " + numericOperator(comparison) + " ?", number(comparison));
    } else {
      compareText(column.sql(), comparison);
    }
  }

  private static String numericOperator(SearchFilter.Comparison comparison) {
    return switch (comparison.operator()) {
      case "=", "!=", ">", ">=", "<", "<=" -> comparison.operator().replace("!=", "<>");
      default -> throw unfit(comparison, "one of = != > >= < <= behind a number");
    };
  }

  static double number(SearchFilter.Comparison comparison) {
    FilterToken value = comparison.values().get(0);
    if (value.kind() != FilterToken.Kind.WORD || !NUMBER.matcher(value.text()).matches()) {
      throw value.error("a number without quotes");
    }
    return Double.parseDouble(value.text());
  }

  /** Text knows = and !=, LIKE and ILIKE with % and _; there is no escape character. */
  void compareText(String column, SearchFilter.Comparison comparison) {
    switch (comparison.operator()) {
      case "=" -> add(column + " = ?", string(comparison));
      case "!=" -> add(column + " <> ?", string(comparison));
      case "LIKE", "ILIKE" ->
          add(column + " " + comparison.operator() + " ? ESCAPE ''", string(comparison));
      default -> throw unfit(comparison, "one of = != LIKE ILIKE behind a text field");
    }
  }

  void in(String column, SearchFilter.Comparison comparison) {
    add(column + " " + comparison.operator() + " (");
    String comma = "";
    for (FilterToken value : comparison.values()) {
      add(comma + "?", value.text());
      comma = ", ";
    }
    add(")");
  }

  private static String string(SearchFilter.Comparison comparison) {
    FilterToken value = comparison.values().get(0);
    if (value.kind() != FilterToken.Kind.STRING) {
      throw value.error("a quoted string");
    }
    return value.text();
  }

  static ApiException unfit(SearchFilter.Comparison comparison, String expected) {
    FilterToken field = comparison.field().token();
    return ApiException.invalid(
        "Invalid filter at character "
            + (field.at() + 1)
            + ": expected "
            + expected
            + " '"
            + field.text()
            + "' but found "
            + comparison.operator());
  }
}
