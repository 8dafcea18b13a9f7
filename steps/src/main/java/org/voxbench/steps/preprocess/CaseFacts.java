package org.voxbench.steps.preprocess;

import java.util.List;
import java.util.SortedMap;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/**
 * What the first look at a case found.
 *
 * @param id the case
 * @param digests SHA-256 of each of its files, the label last; empty when it has problems
 * @param shape voxels (z, y, x) of the raw scan
 * @param spacing mm (z, y, x)
 * @param crop the non-zero region
 * @param voxels voxels per foreground class that is present
 * @param foreground per channel every tenth foreground voxel
 * @param problems what is wrong with it, one sentence each with its repair
 */
record CaseFacts(
    String id,
    List<String> digests,
    GridShape shape,
    Spacing spacing,
    CropBox crop,
    SortedMap<Integer, Long> voxels,
    List<float[]> foreground,
    List<String> problems) {}
