/**
 * UNETR++ as published, and the arithmetic of training and prediction. Knows arrays, never files of
 * a\n * dataset: a case reaches it as voxels and leaves it as labels.
 */
@NullMarked
package org.voxbench.model;

import org.jspecify.annotations.NullMarked;
