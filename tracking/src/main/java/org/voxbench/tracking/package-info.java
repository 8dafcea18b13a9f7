/**
 * Ships what a run tells to an MLflow-compatible server through the MLflow Java client. Never
 * imports\n * {@code tracking.server}: the two meet on HTTP.
 */
@NullMarked
package org.voxbench.tracking;

import org.jspecify.annotations.NullMarked;
