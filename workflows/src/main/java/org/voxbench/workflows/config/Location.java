package org.voxbench.workflows.config;

import java.util.Comparator;

/**
 * Where in the user's input something stands.
 *
 * @param source a file as the user named it, or an override as it was typed ({@code --set seed=1})
 * @param line from 1
 * @param column from 1, in characters
 */
public record Location(String source, int line, int column) implements Comparable<Location> {

  static final String OVERRIDE = "--set ";

  private static final Comparator<Location> ORDER =
      Comparator.comparing(Location::source)
          .thenComparingInt(Location::line)
          .thenComparingInt(Location::column);

  public Location {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException(
          "expected a line and a column of at least 1 but was " + line + ":" + column);
    }
  }

  @Override
  public int compareTo(Location other) {
    return ORDER.compare(this, other);
  }

  /** As editors and terminals understand it: {@code file:line:column}. */
  @Override
  public String toString() {
    return source.startsWith(OVERRIDE) ? source : source + ":" + line + ":" + column;
  }
}
