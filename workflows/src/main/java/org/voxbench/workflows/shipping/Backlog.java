package org.voxbench.workflows.shipping;

/**
 * What a server was not told yet.
 *
 * @param target {@code embedded}, or the server's short name
 * @param uri its address
 * @param runs how many runs wait
 * @param problem why, as the last attempt saw it; empty while all goes well
 */
public record Backlog(String target, String uri, int runs, String problem) {}
