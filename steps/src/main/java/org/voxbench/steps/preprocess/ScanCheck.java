package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.MalformedVolumeException;
import org.voxbench.steps.volume.NiftiFile;
import org.voxbench.steps.volume.NiftiHeader;

/**
 * The first part of preprocessing by itself: are scans fit to be prepared? Every file is unpacked
 * once; several cases are looked at together, as many as threads and memory allow.
 */
public final class ScanCheck {

  private static final long MIB = 1 << 20;
  private static final long FIXED_BYTES = 4 * MIB;

  private final int modalities;
  private final Set<Integer> classes;
  private final AffineRule rule;
  private final StepContext context;
  private final long memoryBytes;

  /**
   * What was found.
   *
   * @param problems what preprocessing would refuse, a sentence each with its repair after a
   *     semicolon
   * @param voxels voxels per foreground class that is present; empty when the files could not be
   *     compared, and for a case without a label
   * @param content SHA-256 of shape and voxel values of the image, whatever the file's compression,
   *     type and header; empty when the image could not be read
   */
  public record Result(List<String> problems, SortedMap<Integer, Long> voxels, String content) {

    public Result {
      problems = List.copyOf(problems);
      voxels = Collections.unmodifiableSortedMap(new TreeMap<>(voxels));
    }
  }

  private record Sized(RawCase raw, long bytes) {}

  /**
   * A checker.
   *
   * @param modalities channels to expect
   * @param classes legal foreground label values
   * @param rule which affine counts where a file's two disagree
   * @param context told of progress, asked to stop; its output folder is not written to
   */
  public ScanCheck(int modalities, Set<Integer> classes, AffineRule rule, StepContext context) {
    this.modalities = modalities;
    this.classes = classes;
    this.rule = rule;
    this.context = context;
    memoryBytes = new Budget(context).memoryBytes();
  }

  /**
   * Compares shape, spacing and place of image and label, looks for NaN and infinite voxels and for
   * label values that no class has. Of a case without a label only the image is read.
   *
   * @param task the unit of progress
   * @return one result per case, in their order
   * @throws org.voxbench.steps.StepStoppedException when asked to stop
   */
  public List<Result> each(String task, List<RawCase> cases) throws IOException {
    List<Sized> sized = new ArrayList<>();
    for (RawCase one : cases) {
      sized.add(new Sized(one, bytes(one)));
    }
    return new CaseQueue(context, memoryBytes).run(task, sized, Sized::bytes, this::look);
  }

  /** Channels, labels and region at once; nothing where no header tells, since no voxel is read. */
  private long bytes(RawCase one) throws IOException {
    try {
      long bytes = FIXED_BYTES;
      for (Path file : one.images()) {
        NiftiHeader header = NiftiFile.header(file, rule);
        GridShape shape = header.grid().shape();
        bytes += Float.BYTES * shape.voxels() * header.channels();
        bytes += file.equals(one.images().get(0)) ? 2 * shape.voxels() : 0;
      }
      return bytes;
    } catch (MalformedVolumeException e) {
      return 0;
    }
  }

  private Result look(Sized one) throws IOException {
    if (one.bytes() > memoryBytes) {
      return unchecked(one);
    }
    ContentDigest content = new ContentDigest();
    List<String> problems = new ArrayList<>();
    SortedMap<Integer, Long> voxels = new TreeMap<>();
    if (one.raw().label().isPresent()) {
      try {
        CaseFacts facts =
            CaseInspection.of(new RawScan(one.raw(), rule), modalities, classes, content::of);
        problems.addAll(facts.problems());
        voxels.putAll(facts.voxels());
      } catch (MalformedVolumeException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (content.hex().isEmpty()) {
      readImage(one.raw(), content, problems);
    }
    return new Result(problems, voxels, content.hex());
  }

  /** A twin is found and a damaged file is named although the label is bad or missing. */
  private void readImage(RawCase raw, ContentDigest content, List<String> problems)
      throws IOException {
    List<float[]> channels = new ArrayList<>();
    try {
      GridShape shape = NiftiFile.header(raw.images().get(0), rule).grid().shape();
      for (Path file : raw.images()) {
        channels.addAll(NiftiFile.readImage(file, rule).channels());
      }
      content.of(shape, channels);
    } catch (MalformedVolumeException e) {
      String problem = String.valueOf(e.getMessage());
      if (problems.stream().noneMatch(known -> known.endsWith(problem))) {
        problems.add(problem);
      }
    }
  }

  private Result unchecked(Sized one) {
    String problem =
        "not checked: reading it takes %d MiB of memory but this process may use %d MiB; raise resources.memory and give Java more, as VOXBENCH_JAVA_OPTIONS=-Xmx%dm, or crop the scan"
            .formatted(
                one.bytes() / MIB, memoryBytes / MIB, one.bytes() / MIB + one.bytes() / MIB / 8);
    return new Result(List.of(problem), new TreeMap<>(), "");
  }
}
