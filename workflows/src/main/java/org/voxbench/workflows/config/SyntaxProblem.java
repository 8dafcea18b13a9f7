package org.voxbench.workflows.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in the user's words why a text is no YAML. */
final class SyntaxProblem {

  private static final Pattern UNDEFINED_ALIAS = Pattern.compile("found undefined alias (\\S+)");
  private static final Pattern BAD_START =
      Pattern.compile("found character '?(.+?)'? ?that cannot start any token.*");
  private static final Pattern TAG = Pattern.compile("Global tag is not allowed: (.*)");
  private static final Pattern BUT = Pattern.compile("expected (.*?),? but (?:got|found) (.*)");

  private SyntaxProblem() {}

  /** What stopped the parser; and every tab in an indentation, since all must go. */
  static List<Problem> of(String source, String text, YAMLException failure) {
    Location location = location(source, text, failure);
    List<Problem> tabs = tabs(source, text, location.line());
    if (!tabs.isEmpty()) {
      return tabs;
    }
    String cause = failure.getMessage() == null ? "nothing readable" : failure.getMessage();
    if (failure instanceof MarkedYAMLException marked && marked.getProblem() != null) {
      cause = marked.getProblem();
    }
    if (failure instanceof ReaderException reader) {
      cause = String.format("the character U+%04X", reader.getCodePoint());
      return List.of(
          new Problem(location, "", "printable text", cause, "save the file as plain UTF-8 text"));
    }
    String context =
        failure instanceof MarkedYAMLException marked && marked.getContext() != null
            ? marked.getContext()
            : "";
    return List.of(inWords(location, context, cause));
  }

  private static Problem inWords(Location at, String context, String cause) {
    if (cause.startsWith("mapping values are not allowed here")) {
      String remedy = "put text with a ':' in quotes, or check the indentation";
      return new Problem(at, "", "one value after a key", "a second ':'", remedy);
    }
    if (cause.startsWith("could not find expected ':'")) {
      return new Problem(at, "", "a ':' after the key", "none", "write key: value");
    }
    if (cause.contains("<block end>")) {
      String remedy = "indent the keys of one mapping by the same number of spaces";
      return new Problem(at, "", "the indentation of the keys above", "another one", remedy);
    }
    if (context.contains("quoted scalar")) {
      return new Problem(at, "", "a closing quote", "none", "close the quoted text");
    }
    if (cause.contains("another document")) {
      return new Problem(at, "", "one document", "a second one", "remove the line ---");
    }
    if (cause.startsWith("Nesting Depth exceeded")) {
      String levels = "at most " + YamlReader.MOST_LEVELS + " levels";
      return new Problem(at, "", levels, "more", "is a bracket left open?");
    }
    return aboutOneToken(at, cause);
  }

  private static Problem aboutOneToken(Location at, String cause) {
    Matcher alias = UNDEFINED_ALIAS.matcher(cause);
    if (alias.matches()) {
      String name = alias.group(1);
      return new Problem(at, "", "an anchor &" + name + " before its alias", "*" + name, "");
    }
    Matcher start = BAD_START.matcher(cause);
    if (start.matches()) {
      String remedy = "put text that starts so in quotes";
      return new Problem(at, "", "a key or a value", start.group(1), remedy);
    }
    Matcher tag = TAG.matcher(cause);
    if (tag.matches()) {
      String found = "the tag " + Wording.shortened(tag.group(1));
      return new Problem(at, "", "a plain value", found, "remove the tag");
    }
    Matcher but = BUT.matcher(cause);
    return but.matches()
        ? new Problem(at, "", wanted(but.group(1)), found(but.group(2)), "")
        : new Problem(at, "", "YAML", "something else: " + Wording.shortened(cause), "");
  }

  private static String wanted(String token) {
    return token.contains("node content") ? "a value" : token.replaceAll("[<>]", "");
  }

  private static String found(String token) {
    return token.contains("stream end") ? "the end of the file" : token.replaceAll("[<>]", "");
  }

  private static Location location(String source, String text, YAMLException failure) {
    if (failure instanceof MarkedYAMLException marked) {
      Mark mark =
          marked.getProblemMark() == null ? marked.getContextMark() : marked.getProblemMark();
      if (mark != null) {
        return new Location(source, mark.getLine() + 1, mark.getColumn() + 1);
      }
    }
    if (failure instanceof ReaderException reader) {
      return locationOf(source, text, text.offsetByCodePoints(0, reader.getPosition()));
    }
    return new Location(source, 1, 1);
  }

  /** Line and column of a character. */
  static Location locationOf(String source, String text, int index) {
    String before = text.substring(0, Math.min(index, text.length()));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = before.length() - (before.lastIndexOf('\n') + 1) + 1;
    return new Location(source, line, column);
  }

  /** All tabs in indentations, when the line at fault has one (or is the neighbour of one). */
  private static List<Problem> tabs(String source, String text, int failed) {
    List<Problem> found = new ArrayList<>();
    boolean atFault = false;
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String indentation =
          lines[i].substring(0, lines[i].length() - lines[i].stripLeading().length());
      int tab = indentation.indexOf('\t');
      if (tab >= 0 && !lines[i].isBlank()) {
        atFault |= Math.abs(i + 1 - failed) <= 1;
        Location location = new Location(source, i + 1, tab + 1);
        found.add(
            new Problem(location, "", "spaces before a key", "a tab", "indent with spaces only"));
      }
    }
    return atFault ? found : List.of();
  }
}
