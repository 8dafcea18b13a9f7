/**
 * The root: configuration, journal, executors, routes and the command line. Start reading at {@code
 * workflows.coordinator.Application}.
 */
@NullMarked
package org.voxbench.workflows;

import org.jspecify.annotations.NullMarked;
