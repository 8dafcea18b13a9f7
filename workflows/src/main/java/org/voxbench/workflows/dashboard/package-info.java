/**
 * What the dashboard shows of runs, read from journal and run folders: start at {@link
 * org.voxbench.workflows.dashboard.JournalRunFeed}. The coordinator mounts it.
 */
@NullMarked
package org.voxbench.workflows.dashboard;

import org.jspecify.annotations.NullMarked;
