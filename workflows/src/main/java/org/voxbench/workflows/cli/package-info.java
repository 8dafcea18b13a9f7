/**
 * The command line: parses, builds, runs, exits. Everything is put together in {@link
 * org.voxbench.workflows.cli.Application} and nowhere else.
 */
@NullMarked
package org.voxbench.workflows.cli;

import org.jspecify.annotations.NullMarked;
