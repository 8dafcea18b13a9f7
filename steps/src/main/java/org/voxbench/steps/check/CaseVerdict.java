package org.voxbench.steps.check;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The verdict on one case.
 *
 * @param id the case
 * @param labelled whether it has a reference segmentation
 * @param verdict what is to be done
 * @param findings why
 * @param voxels voxels per foreground class that is present
 * @param content SHA-256 of shape and voxel values, whatever the file's compression, type and
 *     header; empty when the image could not be read
 */
public record CaseVerdict(
    String id,
    boolean labelled,
    Verdict verdict,
    List<Finding> findings,
    SortedMap<Integer, Long> voxels,
    String content) {

  public CaseVerdict {
    findings = List.copyOf(findings);
    voxels = Collections.unmodifiableSortedMap(new TreeMap<>(voxels));
  }
}
