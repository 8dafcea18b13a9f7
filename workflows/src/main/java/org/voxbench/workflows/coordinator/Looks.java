package org.voxbench.workflows.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.observe.Health.Look;
import org.voxbench.workflows.run.DiskGuard;
import org.voxbench.workflows.shipping.Backlog;

/** What has to be in order beside the routes, for a coordinator to work. */
final class Looks {

  private final Application application;

  Looks(Application application) {
    this.application = application;
  }

  Map<String, Look> all() {
    return Map.of(
        "database",
        this::database,
        "disk",
        this::disk,
        "scheduler",
        this::scheduler,
        "tracking",
        this::tracking);
  }

  private String database() {
    int runs = application.journal().runs().counts().values().stream().mapToInt(n -> n).sum();
    return runs + " runs";
  }

  private String disk() throws IOException {
    Home home = application.home();
    Optional<String> full = DiskGuard.of(home).refusal();
    if (full.isPresent()) {
      throw new IllegalStateException(full.get());
    }
    return (Files.getFileStore(home.root()).getUsableSpace() >> 20) + " MiB free";
  }

  private String scheduler() throws Exception {
    return application.schedules().condition();
  }

  /** A server of somebody else that is away delays the telling and nothing else. */
  private String tracking() {
    List<String> words =
        application.shipper().backlog().stream().map(Looks::words).sorted().toList();
    return String.join("; ", words);
  }

  private static String words(Backlog backlog) {
    return backlog.target()
        + ": "
        + (backlog.problem().isEmpty()
            ? backlog.runs() + " runs wait"
            : backlog.runs() + " runs wait, " + backlog.problem());
  }
}
