package org.voxbench.tracking.server;

import java.util.Locale;

/**
 * What a comparison or an order speaks of.
 *
 * @param key of a metric, parameter or tag as given; of an attribute or dataset in lower case
 */
record SearchField(Entity entity, String key, FilterToken token) {

  enum Entity {
    METRIC,
    PARAM,
    TAG,
    ATTRIBUTE,
    DATASET
  }

  static SearchField of(FilterToken token) {
    String word = token.text();
    if (token.kind() != FilterToken.Kind.WORD || word.isEmpty()) {
      throw token.error("a field such as metrics.loss, params.seed, tags.name or status");
    }
    int dot = word.indexOf('.');
    if (dot < 0) {
      return new SearchField(Entity.ATTRIBUTE, word.toLowerCase(Locale.ROOT), token);
    }
    String key = word.substring(dot + 1);
    if (key.isEmpty()) {
      throw token.error("a key behind the dot");
    }
    Entity entity =
        switch (word.substring(0, dot).toLowerCase(Locale.ROOT)) {
          case "metric", "metrics" -> Entity.METRIC;
          case "param", "params", "parameter", "parameters" -> Entity.PARAM;
          case "tag", "tags" -> Entity.TAG;
          case "attribute", "attributes", "attr", "run" -> Entity.ATTRIBUTE;
          case "dataset", "datasets" -> Entity.DATASET;
          default -> throw token.error("one of metrics., params., tags., attributes. or dataset.");
        };
    boolean fixed = entity == Entity.ATTRIBUTE || entity == Entity.DATASET;
    return new SearchField(entity, fixed ? key.toLowerCase(Locale.ROOT) : key, token);
  }
}
