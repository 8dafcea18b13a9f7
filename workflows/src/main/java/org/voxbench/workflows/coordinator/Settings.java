package org.voxbench.workflows.coordinator;

import org.voxbench.steps.StopSignal;
import org.voxbench.workflows.run.RunLifecycle;
import org.voxbench.workflows.run.Slots;
import org.voxbench.workflows.web.WebServer.Listen;

/**
 * What sets one coordinator apart from another.
 *
 * @param worker name of the main class that a worker's process starts with
 * @param listen where the dashboard is served
 * @param stop asks everything to stop
 * @param atShutdown what becomes then of the runs being worked on
 * @param capacity how many steps may compute at a time
 */
public record Settings(
    String worker,
    Listen listen,
    StopSignal stop,
    RunLifecycle.AtShutdown atShutdown,
    Slots.Capacity capacity) {}
