package org.voxbench.workflows.config;

/**
 * Where a value of a tree comes from.
 *
 * @param key where its key stands; for a list item and for the root, where the value stands
 * @param value where the value starts
 * @param written the value as it was typed; empty for mappings and lists
 */
record Origin(Location key, Location value, String written) {}
