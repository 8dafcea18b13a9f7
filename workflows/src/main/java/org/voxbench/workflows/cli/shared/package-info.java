/**
 * What commands of every group share: options, exit codes, progress in a terminal. Start at {@link
 * HomeOption} and {@link ExitCode}.
 */
@NullMarked
package org.voxbench.workflows.cli.shared;

import org.jspecify.annotations.NullMarked;
