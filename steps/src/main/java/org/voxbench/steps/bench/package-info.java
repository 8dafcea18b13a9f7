/**
 * Measures the network on this machine. Called by the command line, in a process of its own per
 * measurement; start at {@link org.voxbench.steps.bench.ModelBench}.
 */
@NullMarked
package org.voxbench.steps.bench;

import org.jspecify.annotations.NullMarked;
