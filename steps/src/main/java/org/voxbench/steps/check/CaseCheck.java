package org.voxbench.steps.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.preprocess.ScanCheck;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.MalformedVolumeException;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.Volume;

/** Checks one case: what preprocessing checks, and what only a comparison of cases needs. */
final class CaseCheck {

  private static final int CHUNK = 1 << 14;

  private final int channels;
  private final Map<Integer, String> labels;
  private final AffineRule rule;

  CaseCheck(int channels, Map<Integer, String> labels, AffineRule rule) {
    this.channels = channels;
    this.labels = labels;
    this.rule = rule;
  }

  CaseVerdict check(RawCase one) throws IOException {
    try {
      return look(one);
    } catch (OutOfMemoryError e) {
      Finding finding =
          new Finding(
              "does not fit the %d MiB of memory this process has"
                  .formatted(Runtime.getRuntime().maxMemory() >> 20),
              "check it on a machine with more memory, or crop it");
      return verdict(one, List.of(finding), new ArrayList<>(), new TreeMap<>(), "");
    }
  }

  private CaseVerdict look(RawCase one) throws IOException {
    List<Finding> bad = new ArrayList<>();
    List<Finding> notes = new ArrayList<>();
    SortedMap<Integer, Long> voxels = new TreeMap<>();
    if (one.label().isPresent()) {
      try {
        ScanCheck.Result result = ScanCheck.of(one, channels, classes(), rule);
        result.problems().forEach(problem -> bad.add(finding(one, problem)));
        voxels.putAll(result.voxels());
        if (bad.isEmpty()) {
          noteEmptyClasses(voxels, notes);
        }
      } catch (MalformedVolumeException e) {
        bad.add(finding(one, String.valueOf(e.getMessage())));
      }
    }
    String content = content(one, bad);
    return verdict(one, bad, notes, voxels, content);
  }

  /** Where nobody says which classes there are, any label value is legal. */
  private Set<Integer> classes() {
    return labels.isEmpty()
        ? IntStream.rangeClosed(1, Byte.MAX_VALUE).boxed().collect(Collectors.toSet())
        : labels.keySet();
  }

  private static CaseVerdict verdict(
      RawCase one,
      List<Finding> bad,
      List<Finding> notes,
      SortedMap<Integer, Long> voxels,
      String content) {
    Verdict verdict =
        !bad.isEmpty() ? Verdict.QUARANTINED : notes.isEmpty() ? Verdict.SOUND : Verdict.NOTED;
    notes.addAll(0, bad);
    return new CaseVerdict(one.id(), one.label().isPresent(), verdict, notes, voxels, content);
  }

  private static Finding finding(RawCase one, String problem) {
    String start = "case " + one.id() + ": ";
    return Finding.of(problem.startsWith(start) ? problem.substring(start.length()) : problem);
  }

  private void noteEmptyClasses(SortedMap<Integer, Long> voxels, List<Finding> notes) {
    labels.forEach(
        (label, name) -> {
          if (voxels.getOrDefault(label, 0L) == 0) {
            notes.add(
                new Finding(
                    "class " + label + " (" + name + ") has no voxel",
                    "leave it so if the scan does not show it: the class is then not scored"
                        + " there"));
          }
        });
  }

  /** Reads the image once more: a scan that cannot be read is found in unlabelled cases too. */
  private String content(RawCase one, List<Finding> bad) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : one.images()) {
        Volume image = NiftiFile.readImage(file, rule);
        if (file.equals(one.images().get(0))) {
          digest.update(image.grid().shape().toString().getBytes(StandardCharsets.UTF_8));
        }
        image.channels().forEach(voxels -> update(digest, voxels));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (MalformedVolumeException e) {
      Finding finding = finding(one, String.valueOf(e.getMessage()));
      if (!bad.contains(finding)) {
        bad.add(finding);
      }
      return "";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, float[] voxels) {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < voxels.length; at += CHUNK) {
      int count = Math.min(CHUNK, voxels.length - at);
      bytes.clear();
      bytes.asFloatBuffer().put(voxels, at, count);
      digest.update(bytes.array(), 0, count * Float.BYTES);
    }
  }
}
