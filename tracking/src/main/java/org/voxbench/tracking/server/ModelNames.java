package org.voxbench.tracking.server;

import java.util.Locale;
import java.util.regex.Pattern;

/** What MLflow allows as names, aliases and sources of registered models. */
final class ModelNames {

  static final int MAX_TAG_VALUE = 100_000;

  private static final int MAX_NAME = 256;
  private static final int MAX_ALIAS = 255;
  private static final int MAX_DESCRIPTION = 5000;
  private static final int MAX_SOURCE = 2000;
  private static final Pattern ALIAS = Pattern.compile("[\\w-]*");
  private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");
  private static final Pattern LOGGED = Pattern.compile("[^/:.%\"']+");

  private ModelNames() {}

  static String model(Payload request, String field) {
    String name = request.text(field, "");
    if (name.isBlank()) {
      throw ApiException.invalid("Registered model name cannot be empty.");
    }
    if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0 || name.equals(".") || name.equals("..")) {
      throw ApiException.invalid(
          "Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
    }
    return Names.limited("model name", name, MAX_NAME);
  }

  /** An alias as a request names it, of whatever model. */
  static String alias(Payload request) {
    String alias = request.text("alias", "");
    if (alias.isEmpty()) {
      throw ApiException.invalid("Registered model alias name cannot be empty.");
    }
    if (!ALIAS.matcher(alias).matches()) {
      throw ApiException.invalid(
          "Invalid alias name: '"
              + alias
              + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
    }
    return Names.limited("Registered model alias name", alias, MAX_ALIAS);
  }

  /** An alias that may be set: names of versions are kept for these. */
  static String newAlias(Payload request) {
    String alias = alias(request);
    if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
      throw ApiException.invalid("'latest' alias name (case insensitive) is reserved.");
    }
    if (VERSION_ALIAS.matcher(alias).matches()) {
      throw ApiException.invalid("Version alias name '" + alias + "' is reserved.");
    }
    return alias;
  }

  static long version(Payload request) {
    String version = request.text("version", "");
    if (!version.matches("\\d{1,18}")) {
      throw ApiException.invalid("Parameter 'version' must be an integer, got '" + version + "'.");
    }
    return Long.parseLong(version);
  }

  static String description(Payload request) {
    return Names.limited("description", request.text("description", ""), MAX_DESCRIPTION);
  }

  /** The name of a logged model. */
  static String logged(String name) {
    if (!LOGGED.matcher(name).matches()) {
      throw ApiException.invalid(
          "Invalid model name ('"
              + name
              + "') provided. Model name must be a non-empty string and cannot contain the"
              + " following characters: ('/', ':', '.', '%', '\"', \"'\")");
    }
    return Names.limited("model name", name, 500);
  }

  static String tagKey(Payload tag) {
    return Names.key("tag", tag.required("key"));
  }

  static String tagValue(Payload tag) {
    return Names.limited("tag value", tag.text("value", ""), MAX_TAG_VALUE);
  }

  static String source(Payload request) {
    return Names.limited("source", request.required("source"), MAX_SOURCE);
  }
}
