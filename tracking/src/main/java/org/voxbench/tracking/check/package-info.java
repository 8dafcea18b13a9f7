/**
 * What a tracking server answers and how fast, ours or any other: the same calls for all. The
 * command line calls it; start at {@link org.voxbench.tracking.check.Conformance} and {@link
 * org.voxbench.tracking.check.TrackingBench}.
 */
@NullMarked
package org.voxbench.tracking.check;

import org.jspecify.annotations.NullMarked;
