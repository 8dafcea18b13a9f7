package org.voxbench.steps.preprocess;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.volume.AffineRule;

/**
 * Digest of everything on which the files of a prepared case depend: the content of its image and
 * label files, the part of the plan that shapes them, and the version of the code. The case's name,
 * the dataset and the figures by which CT is scaled on reading are no part of it.
 */
final class CaseKey {

  /** Raised whenever the same files and plan give other prepared files than before. */
  private static final int VERSION = 1;

  private CaseKey() {}

  static String of(CaseFacts facts, AffineRule affine, PreparationPlan plan) {
    StringBuilder text = new StringBuilder("prepared case ").append(VERSION);
    facts.digests().forEach(digest -> text.append('\n').append(digest));
    text.append('\n').append(affine.name());
    for (int axis = 0; axis < 3; axis++) {
      text.append('\n').append(plan.spacing().along(axis));
    }
    for (Normalization channel : plan.normalization()) {
      text.append('\n').append(channel.scheme()).append(channel.masked() ? " masked" : "");
    }
    return digest(text);
  }

  /** Digest of the scan alone, whatever it is prepared to. */
  static String scan(CaseFacts facts) {
    StringBuilder text = new StringBuilder("raw case");
    facts.digests().forEach(digest -> text.append('\n').append(digest));
    return digest(text);
  }

  /** In words, what beside the scan makes the key. */
  static String making(AffineRule affine, PreparationPlan plan) {
    StringJoiner text = new StringJoiner(", ");
    text.add("spacing " + plan.spacing());
    for (Normalization channel : plan.normalization()) {
      String masked = channel.masked() ? " in its mask" : "";
      text.add(
          channel.modality() + " by " + channel.scheme().name().toLowerCase(Locale.ROOT) + masked);
    }
    text.add("affine " + affine.name().toLowerCase(Locale.ROOT));
    return text.add("format " + VERSION).toString();
  }

  private static String digest(CharSequence text) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256().digest(bytes));
  }
}
