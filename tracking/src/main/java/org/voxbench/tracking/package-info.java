/**
 * Ships what a run tells to an MLflow-compatible server through the MLflow Java client. Never
 * imports {@code tracking.server}: the two meet on HTTP. The root calls it; start reading at {@code
 * Tracker}.
 */
@NullMarked
package org.voxbench.tracking;

import org.jspecify.annotations.NullMarked;
