package org.voxbench.workflows.shipping;

import static java.nio.file.Files.exists;
import static java.nio.file.Files.isDirectory;
import static java.nio.file.Files.list;
import static java.nio.file.Files.size;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;

/**
 * What one server was told of one run, as the notes in the run's folder say.
 *
 * @param server {@code embedded}, or the server's short name
 * @param complete whether it knows all, this state of the run and all files included
 * @param eventBytesWaiting bytes of events that it does not know
 * @param files those that it holds, and those that it does not
 * @param refused what it did not take, with the reason
 * @param problem why the rest waits, as the last attempt saw it; empty while all goes well
 */
public record ShipmentStatus(
    String run,
    String server,
    boolean complete,
    long eventBytesWaiting,
    Files files,
    List<String> refused,
    String problem) {

  /** How many files a server holds, and how much of which size waits. */
  public record Files(int told, int waiting, long bytesWaiting) {}

  public ShipmentStatus {
    refused = List.copyOf(refused);
  }

  /** All runs of a home folder, works while a coordinator is at work and without one. */
  public static List<ShipmentStatus> all(Home home) throws IOException {
    return of(home, TrackingShipper.runs(home));
  }

  /** Some runs of a home folder. */
  public static List<ShipmentStatus> of(Home home, List<String> runs) throws IOException {
    List<ShipmentStatus> rows = new ArrayList<>();
    for (String id : runs) {
      RunContent content = RunContent.read(home, id);
      for (String server : servers(home.run(id))) {
        rows.add(of(home, content, server));
      }
    }
    return rows;
  }

  private static List<String> servers(Path runFolder) throws IOException {
    List<String> servers = new ArrayList<>(List.of(Target.EMBEDDED));
    // Without credentials: only the name of the server is wanted.
    Target own = new TrackingTarget(Map.of()).of(runFolder);
    if (own != null) {
      servers.add(own.name());
    }
    Path notes = runFolder.resolve("told");
    if (isDirectory(notes)) {
      try (Stream<Path> files = list(notes)) {
        files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> name.endsWith(".json") && !name.endsWith("-files.json"))
            .map(name -> name.substring(0, name.length() - ".json".length()))
            .filter(name -> !servers.contains(name))
            .sorted()
            .forEach(servers::add);
      }
    }
    return servers;
  }

  private static ShipmentStatus of(Home home, RunContent content, String server)
      throws IOException {
    Path folder = home.run(content.run().id());
    Told points = Told.read(folder, server);
    Told files = Told.read(folder, server + "-files");
    long waiting = 0;
    for (StepName step : StepName.values()) {
      String name = step.key() + "/";
      for (Map.Entry<Integer, Path> attempt : content.events(step).entrySet()) {
        waiting += waiting(attempt.getValue(), name + attempt.getKey(), points);
      }
      for (Map.Entry<Integer, Path> attempt : content.system(step).entrySet()) {
        waiting += waiting(attempt.getValue(), name + attempt.getKey() + "/system", points);
      }
    }
    String stamp = RunContent.stamp(content.run());
    List<String> refused = new ArrayList<>(points.refused());
    refused.addAll(files.refused());
    boolean complete = points.state().equals(stamp) && files.state().equals(stamp);
    String problem = complete ? "" : Outage.read(home, server);
    return new ShipmentStatus(
        content.run().id(),
        server,
        complete,
        waiting,
        files(content, files),
        Told.grouped(refused),
        problem);
  }

  private static long waiting(Path events, String name, Told points) throws IOException {
    long size = exists(events) ? size(events) : 0;
    return Math.max(0, size - points.events().getOrDefault(name, 0L));
  }

  private static Files files(RunContent content, Told told) throws IOException {
    int waiting = 0;
    long bytes = 0;
    for (Map.Entry<String, Path> file : content.artifacts().entrySet()) {
      if (!told.artifacts().containsKey(file.getKey())) {
        waiting++;
        bytes += size(file.getValue());
      }
    }
    int held =
        (int) told.artifacts().values().stream().filter(d -> !d.equals(Told.REFUSED)).count();
    return new Files(held, waiting, bytes);
  }
}
