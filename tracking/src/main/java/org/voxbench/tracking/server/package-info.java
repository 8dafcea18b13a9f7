/**
 * An MLflow-compatible tracking server on H2 and a folder of artifacts; the root mounts it, nothing
 * starts by itself. Start reading at {@code TrackingApi}.
 */
@NullMarked
package org.voxbench.tracking.server;

import org.jspecify.annotations.NullMarked;
