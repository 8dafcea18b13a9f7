package org.voxbench.tracking.server;

/** Whether deleted experiments or runs are shown. */
enum ViewType {
  ACTIVE_ONLY(" AND %s.lifecycle = 'active'"),
  DELETED_ONLY(" AND %s.lifecycle = 'deleted'"),
  ALL("");

  private final String condition;

  ViewType(String condition) {
    this.condition = condition;
  }

  static ViewType of(Payload request, String field) {
    return Names.choice(field, request.text(field), ACTIVE_ONLY);
  }

  void restrict(SearchSql sql, String alias) {
    sql.add(condition.replace("%s", alias));
  }
}
