package org.voxbench.tracking.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of a longer answer.
 *
 * @param offset rows before the page
 * @param size most rows of the page
 * @param until newest row that the first page knew, or -1: what was made later would push rows from
 *     one page to the next
 */
record PageToken(long offset, int size, long until) {

  private static final Pattern TOKEN =
      Pattern.compile("\\{\"offset\": ?(\\d{1,12})(?:, \"until\": (\\d{1,18}))?}");

  PageToken(long offset, int size) {
    this(offset, size, -1);
  }

  /** The same page of what was there when the first page was asked for. */
  PageToken within(long newest) {
    return until >= 0 ? this : new PageToken(offset, size, newest);
  }

  /**
   * Reads {@code max_results} and {@code page_token}.
   *
   * @param otherwise the size where none is asked for
   * @param most the largest size allowed
   */
  static PageToken of(Payload request, int otherwise, int most) {
    long size = request.int64("max_results", otherwise);
    if (size < 1 || size > most) {
      throw ApiException.invalid(
          "Invalid value for parameter 'max_results': expected 1 to "
              + most
              + " but found "
              + size);
    }
    return of(request.text("page_token", ""), (int) size);
  }

  private static PageToken of(String token, int size) {
    if (token.isEmpty()) {
      return new PageToken(0, size);
    }
    try {
      String json = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      Matcher matcher = TOKEN.matcher(json);
      if (matcher.matches()) {
        String until = matcher.group(2);
        return new PageToken(
            Long.parseLong(matcher.group(1)), size, until == null ? -1 : Long.parseLong(until));
      }
    } catch (IllegalArgumentException notBase64) {
      throw bad(token);
    }
    throw bad(token);
  }

  private static ApiException bad(String token) {
    return ApiException.invalid(
        "Invalid page token '" + token + "': expected the next_page_token of an earlier answer");
  }

  /** The first row behind this page. */
  long end() {
    return offset + size;
  }

  /** The SQL that fetches this page and one row more. */
  String limit() {
    return " LIMIT " + (size + 1) + " OFFSET " + offset;
  }

  /** Cuts the row too many and, if there was one, adds the token of the next page. */
  <T> List<T> cut(List<T> rows, ObjectNode answer) {
    if (rows.size() <= size) {
      return rows;
    }
    String bound = until < 0 ? "" : ", \"until\": " + until;
    String next = "{\"offset\": " + (offset + size) + bound + "}";
    answer.put(
        "next_page_token",
        Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8)));
    return rows.subList(0, size);
  }
}
