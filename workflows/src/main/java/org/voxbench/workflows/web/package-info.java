/**
 * The one HTTP server: who may ask what from where. The root starts it and mounts the rooms that
 * have pages or an API; start reading at {@link org.voxbench.workflows.web.WebServer}.
 */
@NullMarked
package org.voxbench.workflows.web;

import org.jspecify.annotations.NullMarked;
