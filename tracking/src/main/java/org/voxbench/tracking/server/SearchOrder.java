package org.voxbench.tracking.server;

import java.util.ArrayList;
import java.util.List;

/** One entry of {@code order_by}: a field and optionally ASC or DESC. */
record SearchOrder(SearchField field, boolean ascending) {

  static List<SearchOrder> parse(List<String> entries) {
    List<SearchOrder> orders = new ArrayList<>();
    for (String entry : entries) {
      List<FilterToken> tokens = FilterToken.all(entry);
      SearchField field = SearchField.of(tokens.get(0));
      FilterToken direction = tokens.get(1);
      boolean descending = direction.isWord("DESC");
      boolean named = descending || direction.isWord("ASC");
      FilterToken last = named ? tokens.get(2) : direction;
      if (last.kind() != FilterToken.Kind.END) {
        throw last.error(named ? "the end" : "ASC, DESC or the end");
      }
      orders.add(new SearchOrder(field, !descending));
    }
    return orders;
  }

  String direction() {
    return ascending ? " ASC" : " DESC";
  }
}
