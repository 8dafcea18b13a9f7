/**
 * Networks and weights outside a run: describing, importing, exporting. The command line calls it,
 * so that it need not know {@code model}. Start at {@link org.voxbench.steps.network.Networks}.
 */
@NullMarked
package org.voxbench.steps.network;

import org.jspecify.annotations.NullMarked;
