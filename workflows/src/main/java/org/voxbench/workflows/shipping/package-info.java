/**
 * Tells tracking servers of runs what their folders say, on threads of its own, and remembers what
 * it told. The root starts it; start at {@link org.voxbench.workflows.shipping.TrackingShipper}.
 */
@NullMarked
package org.voxbench.workflows.shipping;

import org.jspecify.annotations.NullMarked;
