package org.voxbench.workflows.cli;

import java.io.PrintWriter;
import java.util.List;
import org.voxbench.workflows.cli.shared.Terminal;

/**
 * A terminal on which the same table is shown again and again: written over in place, so that it
 * does not flicker, and cut to what fits.
 */
final class Screen {

  private static final String HOME = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";
  private static final String HIDE = "\u001b[?25l";
  private static final String SHOW = "\u001b[?25h";

  private Screen() {}

  /** What is written first. */
  static String opened() {
    return HIDE + HOME + REST_OF_SCREEN;
  }

  /** What is written last: the cursor shows again, on a line of its own. */
  static String closed() {
    return SHOW + System.lineSeparator();
  }

  /** One picture of so many columns and rows. */
  static String picture(String text, int columns, int rows) {
    StringBuilder picture = new StringBuilder(HOME);
    List<String> lines = text.lines().toList();
    // The last row is for the cursor: a line end there would move all up.
    int most = Math.max(1, rows - 1);
    int shown = lines.size() <= most ? lines.size() : most - 1;
    for (String line : lines.subList(0, shown)) {
      append(picture, line, columns);
    }
    if (shown < lines.size()) {
      append(picture, "... and " + (lines.size() - shown) + " more lines", columns);
    }
    return picture.append(REST_OF_SCREEN).toString();
  }

  private static void append(StringBuilder picture, String line, int columns) {
    boolean fits = line.length() <= columns;
    picture.append(fits ? line : line.substring(0, columns - 1) + "\u2026");
    picture.append(REST_OF_LINE).append(System.lineSeparator());
  }

  /** Shows a picture on this terminal as wide and high as it is now. */
  static void show(PrintWriter out, String text) {
    out.print(picture(text, Terminal.columns(), Terminal.rows()));
    out.flush();
  }
}
