package org.voxbench.steps.dataset;

import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/**
 * The way from a prepared case back to the scan it was made of: undo the resampling from {@code
 * preparedShape} to the shape of {@code crop}, then paste at {@code crop} into zeros of {@code
 * original}.
 *
 * @param original grid of the raw image; predictions are written on it
 * @param crop the non-zero region of the raw image that was kept
 * @param preparedShape voxels (z, y, x) after resampling
 * @param preparedSpacing mm (z, y, x) after resampling
 * @param separateAxis the axis (0 z, 1 y, 2 x) that was resampled by nearest neighbour apart from
 *     the others, or -1 when all three were resampled as one (recipe section 4.4)
 */
public record CaseGeometry(
    Grid original,
    CropBox crop,
    GridShape preparedShape,
    Spacing preparedSpacing,
    int separateAxis) {}
