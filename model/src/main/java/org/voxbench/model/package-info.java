/**
 * UNETR++ as published, and the arithmetic of training and prediction; knows arrays, never files of
 * a dataset. The rooms {@code steps.train} and {@code steps.evaluate} may call it, and the command
 * line for its description and its bench. Start at {@link org.voxbench.model.Training} and {@link
 * org.voxbench.model.Predictor}.
 */
@NullMarked
package org.voxbench.model;

import org.jspecify.annotations.NullMarked;
