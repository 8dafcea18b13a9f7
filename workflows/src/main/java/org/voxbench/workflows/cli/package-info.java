/** The command line: parses, calls the coordinator, prints, exits. Start at {@link Main}. */
@NullMarked
package org.voxbench.workflows.cli;

import org.jspecify.annotations.NullMarked;
