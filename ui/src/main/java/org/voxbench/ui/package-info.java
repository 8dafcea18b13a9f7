/**
 * The dashboard: pages and their JSON, drawn from {@link org.voxbench.ui.RunFeed} and nothing else.
 */
@NullMarked
package org.voxbench.ui;

import org.jspecify.annotations.NullMarked;
