/**
 * Brings a dataset into the published raw layout, whatever it comes from: a local folder or
 * archive, the network, a person, or the phantom generator. Called by the root through {@link
 * org.voxbench.steps.download.Download}, where reading starts.
 */
@NullMarked
package org.voxbench.steps.download;

import org.jspecify.annotations.NullMarked;
