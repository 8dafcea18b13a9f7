/**
 * Keeps the states of a training safe on disk and publishes the one that is evaluated. Called by
 * the train step and, for {@link org.voxbench.steps.checkpoint.NetworkDescription}, by evaluate;
 * start at {@link org.voxbench.steps.checkpoint.CheckpointStore}.
 */
@NullMarked
package org.voxbench.steps.checkpoint;

import org.jspecify.annotations.NullMarked;
