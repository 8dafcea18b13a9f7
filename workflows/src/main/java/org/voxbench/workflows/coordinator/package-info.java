/**
 * The coordinator: everything that holds a home folder is put together here, in {@link
 * org.voxbench.workflows.coordinator.Application} and nowhere else, and reached by {@link
 * org.voxbench.workflows.coordinator.Coordinators} from another process. Only the command line
 * calls it.
 */
@NullMarked
package org.voxbench.workflows.coordinator;

import org.jspecify.annotations.NullMarked;
