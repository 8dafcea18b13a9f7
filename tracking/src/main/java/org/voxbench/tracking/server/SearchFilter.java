package org.voxbench.tracking.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * MLflow's filter language: comparisons joined by AND. There is no OR, no NOT before a comparison
 * and no parenthesis but around the list of IN.
 */
final class SearchFilter {

  private static final Set<String> SYMBOLS = Set.of("=", "!=", ">", ">=", "<", "<=");

  /**
   * One comparison.
   *
   * @param operator {@code = != > >= < <= LIKE ILIKE IN}, {@code NOT IN}, {@code IS NULL} or {@code
   *     IS NOT NULL}
   * @param values none for IS, several for IN, else one
   */
  record Comparison(SearchField field, String operator, List<FilterToken> values) {}

  private final List<FilterToken> tokens;
  private int next;

  private SearchFilter(List<FilterToken> tokens) {
    this.tokens = tokens;
  }

  /** Reads a filter; a blank one has no comparison. */
  static List<Comparison> parse(String filter) {
    return new SearchFilter(FilterToken.all(filter)).comparisons();
  }

  private FilterToken peek() {
    return tokens.get(next);
  }

  private FilterToken take() {
    FilterToken token = tokens.get(next);
    if (token.kind() != FilterToken.Kind.END) {
      next++;
    }
    return token;
  }

  private List<Comparison> comparisons() {
    List<Comparison> comparisons = new ArrayList<>();
    if (peek().kind() == FilterToken.Kind.END) {
      return comparisons;
    }
    comparisons.add(comparison());
    while (peek().kind() != FilterToken.Kind.END) {
      FilterToken and = take();
      if (!and.isWord("AND")) {
        throw and.error("AND or the end (OR, NOT and parentheses are not supported)");
      }
      comparisons.add(comparison());
    }
    return comparisons;
  }

  private Comparison comparison() {
    SearchField field = SearchField.of(take());
    FilterToken operator = take();
    if (operator.kind() == FilterToken.Kind.SYMBOL && SYMBOLS.contains(operator.text())) {
      return new Comparison(field, operator.text(), List.of(value()));
    }
    if (operator.isWord("LIKE") || operator.isWord("ILIKE")) {
      return new Comparison(field, operator.upper(), List.of(value()));
    }
    if (operator.isWord("IN")) {
      return new Comparison(field, "IN", list());
    }
    if (operator.isWord("NOT") && peek().isWord("IN")) {
      take();
      return new Comparison(field, "NOT IN", list());
    }
    if (operator.isWord("IS")) {
      return new Comparison(field, nullTest(), List.of());
    }
    throw operator.error("one of = != > >= < <= LIKE ILIKE IN IS");
  }

  private String nullTest() {
    FilterToken word = take();
    boolean not = word.isWord("NOT");
    FilterToken last = not ? take() : word;
    if (!last.isWord("NULL")) {
      throw last.error("NULL");
    }
    return not ? "IS NOT NULL" : "IS NULL";
  }

  private FilterToken value() {
    FilterToken value = take();
    if (value.kind() == FilterToken.Kind.STRING || value.kind() == FilterToken.Kind.WORD) {
      return value;
    }
    throw value.error("a number or a quoted string");
  }

  private List<FilterToken> list() {
    FilterToken open = take();
    if (!open.isSymbol("(")) {
      throw open.error("( and a list of quoted strings");
    }
    List<FilterToken> values = new ArrayList<>();
    while (true) {
      FilterToken value = take();
      if (value.kind() != FilterToken.Kind.STRING) {
        throw value.error("a quoted string");
      }
      values.add(value);
      FilterToken separator = take();
      if (separator.isSymbol(")")) {
        return values;
      }
      if (!separator.isSymbol(",")) {
        throw separator.error(", or )");
      }
    }
  }
}
