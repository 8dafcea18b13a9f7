/**
 * The vocabulary of the six steps: what a step is, what it reads, writes and tells. Rooms below
 * import\n * this package; it imports none of them.
 */
@NullMarked
package org.voxbench.steps;

import org.jspecify.annotations.NullMarked;
