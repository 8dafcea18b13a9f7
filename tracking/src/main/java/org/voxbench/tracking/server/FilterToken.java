package org.voxbench.tracking.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a search filter.
 *
 * @param text for a word or string: without its quotes
 * @param at index of its first character
 */
record FilterToken(Kind kind, String text, int at) {

  enum Kind {
    WORD,
    STRING,
    SYMBOL,
    END
  }

  /** Cuts a filter into tokens; the last one is always {@link Kind#END}. */
  static List<FilterToken> all(String filter) {
    List<FilterToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < filter.length()) {
      char c = filter.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '\'' || c == '"') {
        int end = closing(filter, at);
        tokens.add(new FilterToken(Kind.STRING, unquoted(filter, at, end), at));
        at = end;
      } else if (c == '`' || isWordPart(c)) {
        at = word(filter, at, tokens);
      } else {
        int end = symbolEnd(filter, at);
        tokens.add(new FilterToken(Kind.SYMBOL, filter.substring(at, end), at));
        at = end;
      }
    }
    tokens.add(new FilterToken(Kind.END, "", filter.length()));
    return tokens;
  }

  /** A word may hold quoted parts after a dot: {@code metrics.`val loss`}, {@code tags."a b"}. */
  private static int word(String filter, int start, List<FilterToken> tokens) {
    StringBuilder text = new StringBuilder();
    int at = start;
    while (at < filter.length()) {
      char c = filter.charAt(at);
      boolean quotedPart =
          c == '`' || (c == '"' && text.length() > 0 && text.charAt(text.length() - 1) == '.');
      if (quotedPart) {
        int end = closing(filter, at);
        text.append(unquoted(filter, at, end));
        at = end;
      } else if (isWordPart(c)) {
        text.append(c);
        at++;
      } else {
        break;
      }
    }
    tokens.add(new FilterToken(Kind.WORD, text.toString(), start));
    return at;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || "_.-+:/@".indexOf(c) >= 0;
  }

  /** Index behind the closing quote; a doubled quote stands for itself. */
  private static int closing(String filter, int start) {
    char quote = filter.charAt(start);
    int at = start + 1;
    while (at < filter.length()) {
      if (filter.charAt(at) == quote) {
        if (at + 1 < filter.length() && filter.charAt(at + 1) == quote) {
          at++;
        } else {
          return at + 1;
        }
      }
      at++;
    }
    throw ApiException.invalid(
        "Invalid filter or order at character "
            + (start + 1)
            + ": the quote "
            + quote
            + " is never closed");
  }

  private static String unquoted(String filter, int start, int end) {
    String quote = filter.substring(start, start + 1);
    return filter.substring(start + 1, end - 1).replace(quote + quote, quote);
  }

  private static int symbolEnd(String filter, int at) {
    boolean two =
        at + 1 < filter.length()
            && filter.charAt(at + 1) == '='
            && "!<>=".indexOf(filter.charAt(at)) >= 0;
    return at + (two ? 2 : 1);
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  /** An error that points at this token. */
  ApiException error(String expected) {
    String found = kind == Kind.END ? "the end" : "'" + text + "'";
    return ApiException.invalid(
        "Invalid filter or order at character "
            + (at + 1)
            + ": expected "
            + expected
            + " but found "
            + found);
  }
}
