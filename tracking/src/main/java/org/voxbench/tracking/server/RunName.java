package org.voxbench.tracking.server;

import java.util.List;

/** A name for a run that was given none, drawn from its id: {@code patient-heron-417}. */
final class RunName {

  private static final List<String> MANNERS =
      List.of(
          "able", "bold", "brisk", "calm", "clear", "deft", "eager", "fair", "fleet", "gentle",
          "keen", "lucid", "merry", "patient", "quiet", "steady");
  private static final List<String> BIRDS =
      List.of(
          "avocet", "curlew", "dunlin", "finch", "gannet", "heron", "ibis", "jay", "kestrel",
          "lark", "merlin", "osprey", "plover", "robin", "swift", "tern");

  private RunName() {}

  /**
   * Names one run.
   *
   * @param id 32 hexadecimal digits
   */
  static String of(String id) {
    int bits = Integer.parseUnsignedInt(id.substring(0, 8), 16);
    return MANNERS.get(bits & 15) + "-" + BIRDS.get(bits >>> 4 & 15) + "-" + (bits >>> 8) % 1000;
  }
}
