/**
 * What is logged, where to and in which form: to standard error for people or as JSON lines, and a
 * file in the folder of each run. The coordinator, its routes and the command line call it; start
 * at {@link org.voxbench.workflows.logs.Logs}.
 */
@NullMarked
package org.voxbench.workflows.logs;

import org.jspecify.annotations.NullMarked;
