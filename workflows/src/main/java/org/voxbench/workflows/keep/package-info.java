/**
 * Keeps a home folder in order: garbage, pins, archives of runs, backups. Used by {@code cli}.
 * Start at {@link org.voxbench.workflows.keep.Garbage}.
 */
@NullMarked
package org.voxbench.workflows.keep;

import org.jspecify.annotations.NullMarked;
