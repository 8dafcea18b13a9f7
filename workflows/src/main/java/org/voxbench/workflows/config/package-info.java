/**
 * Turns an experiment's YAML, the command line's {@code --set} and the schema's defaults into one
 * checked value. Called by the command line and by routes; start at {@code ExperimentFile}.
 */
@NullMarked
package org.voxbench.workflows.config;

import org.jspecify.annotations.NullMarked;
