/** {@code bench}: speed and memory of this machine. Start at {@link BenchCommand}. */
@NullMarked
package org.voxbench.workflows.cli.bench;

import org.jspecify.annotations.NullMarked;
