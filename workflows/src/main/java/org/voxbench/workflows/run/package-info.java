/**
 * Claims a step, decides whether an earlier output serves, has a worker do it, publishes. Plain
 * Java, without Camel. Start at {@link org.voxbench.workflows.run.StepRunner}.
 */
@NullMarked
package org.voxbench.workflows.run;

import org.jspecify.annotations.NullMarked;
