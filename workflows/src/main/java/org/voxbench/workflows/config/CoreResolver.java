package org.voxbench.workflows.config;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Tells what a word without quotes is by the core schema of YAML 1.2. The rules of YAML 1.1, which
 * the parser has by itself, would read {@code no} as false, {@code 010} as eight and {@code 1:30}
 * as ninety.
 */
final class CoreResolver extends Resolver {

  private static final Pattern ABSENT = Pattern.compile("~|null|Null|NULL|");
  private static final Pattern LOGICAL = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern REAL =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  @Override
  public Tag resolve(NodeId kind, String value, boolean implicit) {
    if (kind != NodeId.scalar) {
      return super.resolve(kind, value, implicit);
    }
    if (!implicit) {
      return Tag.STR;
    }
    if (ABSENT.matcher(value).matches()) {
      return Tag.NULL;
    }
    if (LOGICAL.matcher(value).matches()) {
      return Tag.BOOL;
    }
    if (WHOLE.matcher(value).matches()) {
      return Tag.INT;
    }
    return REAL.matcher(value).matches() ? Tag.FLOAT : Tag.STR;
  }
}
