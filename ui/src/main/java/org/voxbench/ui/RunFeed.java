package org.voxbench.ui;

/**
 * The read port: what the pages draw. Implemented by the root and by an in-memory twin in tests.
 */
public interface RunFeed {}
