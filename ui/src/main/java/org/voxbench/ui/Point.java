package org.voxbench.ui;

/**
 * One point of a curve.
 *
 * @param step the x axis: an iteration or epoch, at least 0
 * @param value may be NaN or infinite: drawn as a gap
 */
public record Point(long step, double value) {}
