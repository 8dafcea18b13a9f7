package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.volume.AffineRule;

/** The first part of preprocessing by itself: is one labelled scan fit to be prepared? */
public final class ScanCheck {

  private ScanCheck() {}

  /**
   * What was found.
   *
   * @param problems what preprocessing would refuse, a sentence each with its repair after a
   *     semicolon
   * @param voxels voxels per foreground class that is present; empty when the files could not be
   *     compared
   */
  public record Result(List<String> problems, SortedMap<Integer, Long> voxels) {}

  /**
   * Compares shape, spacing and place of image and label, looks for NaN and infinite voxels and for
   * label values that no class has. Reads the whole scan.
   *
   * @param raw a case with a label
   * @param modalities channels to expect
   * @param classes legal foreground label values
   * @param rule which affine counts where a file's two disagree
   * @throws org.voxbench.steps.volume.MalformedVolumeException when a file is no sound NIfTI file
   */
  public static Result of(RawCase raw, int modalities, Set<Integer> classes, AffineRule rule)
      throws IOException {
    CaseFacts facts = CaseInspection.of(new RawScan(raw, rule), modalities, classes);
    return new Result(List.copyOf(facts.problems()), facts.voxels());
  }
}
