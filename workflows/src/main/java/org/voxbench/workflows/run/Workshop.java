package org.voxbench.workflows.run;

import java.time.InstantSource;

/**
 * Where attempts are worked on.
 *
 * @param executor works on them
 * @param stops who was asked to stop
 * @param slots the devices they need
 * @param clock for leases
 * @param tidying sees to it that outputs which are about to be taken stay
 */
public record Workshop(
    Executor executor, Stops stops, Slots slots, InstantSource clock, Tidying tidying) {

  public Workshop(Executor executor, Stops stops, Slots slots, InstantSource clock) {
    this(executor, stops, slots, clock, new Tidying());
  }
}
