/**
 * From raw scans to prepared cases: integrity check, crop, fingerprint, plan, resampling,
 * normalisation, class locations. Called by the root and by the check command. Start at {@link
 * org.voxbench.steps.preprocess.Preprocess}.
 */
@NullMarked
package org.voxbench.steps.preprocess;

import org.jspecify.annotations.NullMarked;
