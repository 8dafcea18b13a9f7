/**
 * What others watch a coordinator by: its figures for Prometheus, its health, and the lineage of
 * what its runs made. The coordinator calls it; start at {@link
 * org.voxbench.workflows.observe.Metrics}.
 */
@NullMarked
package org.voxbench.workflows.observe;

import org.jspecify.annotations.NullMarked;
