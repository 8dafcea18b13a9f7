/**
 * Copies experiments from one tracking server to another, whichever of the two is ours. Speaks to
 * both by HTTP alone. The root calls it; start reading at {@code Transfer}.
 */
@NullMarked
package org.voxbench.tracking.transfer;

import org.jspecify.annotations.NullMarked;
