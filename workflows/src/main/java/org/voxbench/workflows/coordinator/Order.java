package org.voxbench.workflows.coordinator;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voxbench.workflows.config.Experiment;

/**
 * An experiment that somebody wants to be run.
 *
 * @param experiment resolved
 * @param source its YAML file, kept with the run
 * @param priority the higher one is taken first
 * @param sweep id of the sweep it belongs to, or null
 * @param cell what sets it apart in that sweep, or null
 */
public record Order(
    Experiment experiment,
    Path source,
    int priority,
    @Nullable String sweep,
    @Nullable String cell) {}
