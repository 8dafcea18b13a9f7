/**
 * Volumes: reading and writing NIfTI, grids in millimetres, and changing resolution. Any room of
 * the steps may call it; it imports none of them. Start at {@link
 * org.voxbench.steps.volume.NiftiFile}.
 */
@NullMarked
package org.voxbench.steps.volume;

import org.jspecify.annotations.NullMarked;
