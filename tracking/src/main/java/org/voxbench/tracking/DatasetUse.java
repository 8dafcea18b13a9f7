package org.voxbench.tracking;

/**
 * A dataset that a run reads.
 *
 * @param name such as {@code synapse}
 * @param digest of its content, at most 36 characters
 * @param source where it comes from, as text or JSON
 * @param profile JSON of counts that describe it
 * @param context what it is used for, such as {@code training}
 */
public record DatasetUse(
    String name, String digest, String source, String profile, String context) {

  public DatasetUse {
    if (name.isBlank() || digest.isBlank() || digest.length() > 36) {
      throw new IllegalArgumentException(
          "dataset: expected a name and a digest of 1 to 36 characters but was '"
              + name
              + "' and '"
              + digest
              + "'");
    }
  }
}
