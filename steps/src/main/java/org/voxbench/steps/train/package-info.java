/**
 * Trains UNETR++ on prepared cases so that a training killed at any moment and resumed gives the
 * weights of one never stopped. Called by whoever runs steps; start at {@link
 * org.voxbench.steps.train.Train}, the story is in {@code TrainingLoop}.
 */
@NullMarked
package org.voxbench.steps.train;

import org.jspecify.annotations.NullMarked;
