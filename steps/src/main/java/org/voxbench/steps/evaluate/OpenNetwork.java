package org.voxbench.steps.evaluate;

import org.voxbench.model.WindowNetwork;

/** A network that holds native memory until it is closed. */
interface OpenNetwork extends WindowNetwork, AutoCloseable {

  @Override
  void close();
}
