package org.voxbench.tracking.transfer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What every part of a transfer works with.
 *
 * @param runs ids of runs there by their ids here
 * @param models ids of logged models there by their ids here
 * @param notes folder of the notes and of what is on its way
 */
record Both(
    Peer from,
    Peer to,
    Tally tally,
    Meter meter,
    Map<String, String> runs,
    Map<String, String> models,
    Path notes) {

  static Both of(Peer from, Peer to, Meter meter, Path notes) {
    return new Both(from, to, new Tally(), meter, new HashMap<>(), new HashMap<>(), notes);
  }
}
