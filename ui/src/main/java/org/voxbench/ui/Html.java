package org.voxbench.ui;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTML in which every text and every attribute is escaped. Tags close in the order in which
 * they were opened.
 */
final class Html {

  private final StringBuilder out = new StringBuilder(8192);
  private final Deque<String> opened = new ArrayDeque<>();

  /**
   * Opens a tag.
   *
   * @param attributes name, value, name, value ...; a null value leaves its attribute out, an empty
   *     one writes the bare name
   */
  Html open(String tag, @Nullable String... attributes) {
    start(tag, attributes);
    opened.push(tag);
    return this;
  }

  /** Closes the tag opened last. */
  Html close() {
    out.append("</").append(opened.pop()).append('>');
    return this;
  }

  /** A tag that has no content, such as {@code meta}. */
  Html lone(String tag, @Nullable String... attributes) {
    start(tag, attributes);
    return this;
  }

  /** A tag around a text. */
  Html leaf(String tag, String text, @Nullable String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Html text(String text) {
    escape(text);
    return this;
  }

  /** A drawing of ours; the only way in for unescaped markup. */
  Html icon(Icon icon) {
    out.append(icon.svg());
    return this;
  }

  private void start(String tag, @Nullable String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      String value = attributes[i + 1];
      if (value != null) {
        out.append(' ').append(attributes[i]);
        if (!value.isEmpty()) {
          out.append("=\"");
          escape(value);
          out.append('"');
        }
      }
    }
    out.append('>');
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  /**
   * The document.
   *
   * @throws IllegalStateException if a tag is still open
   */
  String document() {
    if (!opened.isEmpty()) {
      throw new IllegalStateException("expected all tags closed but found open " + opened);
    }
    return "<!doctype html>\n" + out;
  }
}
