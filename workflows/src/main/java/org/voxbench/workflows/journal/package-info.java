/**
 * The durable record of runs: {@code run.json} in the run's folder is the truth, H2 its index. Used
 * by {@code run} and {@code cli}. Start at {@link org.voxbench.workflows.journal.RunJournal}.
 */
@NullMarked
package org.voxbench.workflows.journal;

import org.jspecify.annotations.NullMarked;
