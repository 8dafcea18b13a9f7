package org.voxbench.workflows.cli.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How wide the terminal is. Asked of {@code stty}: the progress bar's own way opens the terminal
 * with JLine, which gives Ctrl-C back to the system, and that ends the process before it can save.
 */
public final class Terminal {

  private static final int USUAL = 80;
  private static final int LEAST = 40;
  private static final int USUAL_ROWS = 24;

  private Terminal() {}

  /** Whether standard error is one that can move its cursor. */
  public static boolean present() {
    // The launcher looks: since release 22 Java's own console says yes to everything.
    return Boolean.getBoolean("voxbench.terminal") && !"dumb".equals(System.getenv("TERM"));
  }

  /** Columns of the terminal as it is now; 80 where nobody can tell. */
  public static int columns() {
    return columns(size());
  }

  /** Rows of the terminal as it is now; 24 where nobody can tell. */
  public static int rows() {
    return rows(size());
  }

  private static String size() {
    try {
      Process stty =
          new ProcessBuilder("sh", "-c", "stty size </dev/tty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return stty.waitFor(1, TimeUnit.SECONDS) ? said : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Of rows and columns as {@code stty size} prints them. */
  static int columns(String size) {
    String[] words = size.strip().split(" ", -1);
    return words.length == 2 && words[1].matches("[0-9]{1,4}") && !words[1].equals("0")
        ? Math.max(LEAST, Integer.parseInt(words[1]))
        : USUAL;
  }

  static int rows(String size) {
    String[] words = size.strip().split(" ", -1);
    return words.length == 2 && words[0].matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(words[0])
        : USUAL_ROWS;
  }
}
