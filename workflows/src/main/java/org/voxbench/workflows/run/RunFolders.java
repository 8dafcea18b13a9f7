package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.journal.StepRun;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Request;
import org.voxbench.workflows.run.AttemptFolder.Result;

/** Brings the index into agreement with the run folders, which hold the truth. */
public final class RunFolders {

  private static final Logger LOG = LoggerFactory.getLogger(RunFolders.class);

  private static final long MISSING = -1;

  /** So many problems are logged one by one. */
  private static final int SHOWN = 5;

  /** Attempts by their numbers: what goes on takes the newest by its fence. */
  private static final Comparator<Path> OLDEST_FIRST =
      Comparator.comparingInt((Path attempt) -> attempt.toString().length())
          .thenComparing(Comparator.naturalOrder());

  private final Home home;
  private final RunJournal journal;
  private final Store store;

  public RunFolders(Home home, RunJournal journal) {
    this.home = home;
    this.journal = journal;
    this.store = new Store(home.store());
  }

  /**
   * What was done.
   *
   * @param runs runs that are now in the index because of this
   * @param forgotten runs that were in the index and whose folders are gone
   * @param problems folders that could not be read, and why
   */
  public record Outcome(int runs, int forgotten, List<String> problems) {}

  /** Looks for what changed while nobody looked: cheap, since unchanged files are not opened. */
  public Outcome catchUp() throws IOException {
    Map<String, Long> known = journal.runs().written();
    List<String> problems = new ArrayList<>();
    int indexed = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(home.runs())) {
      for (Path folder : folders) {
        String id = folder.getFileName().toString();
        Long before = known.remove(id);
        long written = written(folder.resolve("run.json"));
        if (written == MISSING && before != null) {
          known.put(id, before);
        } else if (written != MISSING && (before == null || before != written)) {
          indexed += index(folder, before == null, problems) ? 1 : 0;
        }
      }
    }
    for (String gone : known.keySet()) {
      LOG.warn("the folder of run {} is gone; the run is forgotten", gone);
      journal.forget(gone);
    }
    if (indexed > 0) {
      journal.attempts().raiseFence();
    }
    if (problems.size() > SHOWN) {
      LOG.warn("{} more cannot be indexed; voxbench reindex names all", problems.size() - SHOWN);
    }
    return new Outcome(indexed, known.size(), problems);
  }

  private static long written(Path file) throws IOException {
    try {
      return RunIndex.stamp(file);
    } catch (NoSuchFileException e) {
      return MISSING;
    }
  }

  /** Takes one run into the index whose folder was put there while somebody looked. */
  public void take(String id) {
    List<String> problems = new ArrayList<>();
    if (journal.find(id).isEmpty() && !index(home.run(id), true, problems)) {
      throw new IllegalArgumentException("run " + id + " cannot be taken: " + problems.get(0));
    }
    journal.attempts().raiseFence();
  }

  /** Empties the index and builds it from the folders alone. */
  public Outcome reindex() throws IOException {
    journal.clear();
    return catchUp();
  }

  private boolean index(Path folder, boolean isNew, List<String> problems) {
    try {
      Run run = Run.read(folder.resolve("run.json"));
      if (!run.id().equals(folder.getFileName().toString())) {
        throw new IOException(
            "run.json: expected id " + folder.getFileName() + " but found " + run.id());
      }
      journal.index(run);
      if (isNew) {
        for (StepRun step : run.steps()) {
          attempts(run, step, problems);
        }
      }
      return true;
    } catch (IOException | RuntimeException e) {
      problems.add(folder + ": " + brief(e));
      if (problems.size() <= SHOWN) {
        LOG.warn("run folder {} cannot be indexed: {}", folder, brief(e));
      }
      return false;
    }
  }

  private void attempts(Run run, StepRun step, List<String> problems) throws IOException {
    Path folder = home.run(run.id()).resolve(step.name().key());
    if (Files.isDirectory(folder)) {
      List<Path> attempts = new ArrayList<>();
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(folder, AttemptFolder.PREFIX + "*")) {
        found.forEach(attempts::add);
      }
      attempts.sort(OLDEST_FIRST);
      for (Path attempt : attempts) {
        try {
          restore(run, step.name(), new AttemptFolder(attempt));
        } catch (IOException | RuntimeException e) {
          problems.add(attempt + ": " + brief(e));
        }
      }
    }
    curves(run, step);
  }

  private static String brief(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  private void restore(Run run, StepName step, AttemptFolder folder) throws IOException {
    if (!Files.exists(folder.request())) {
      return;
    }
    Request request = folder.readRequest();
    String digest = request.fingerprint().digest();
    RunState state = state(folder, step, digest);
    if (state == RunState.RUNNING && journal.attempts().holder(digest).isPresent()) {
      state = RunState.LOST;
    }
    Attempt attempt = new Attempt(request.fence(), run.id(), step, folder.number(), folder.root());
    journal.attempts().restore(attempt, digest, state);
  }

  private RunState state(AttemptFolder folder, StepName step, String digest) throws IOException {
    Result result = folder.readResult();
    if (result == null) {
      return WorkerProcess.find(folder) == null ? RunState.LOST : RunState.RUNNING;
    }
    if (result.ending() == Ending.SUCCEEDED) {
      // Its product is in the store; or else it still waits to be published.
      return Files.exists(folder.manifest()) && store.find(step, digest).isEmpty()
          ? RunState.RUNNING
          : RunState.SUCCEEDED;
    }
    return result.ending() == Ending.STOPPED ? RunState.STOPPED : RunState.FAILED;
  }

  /** The curves of a step, from its published events or from its newest attempt. */
  private void curves(Run run, StepRun step) throws IOException {
    String fingerprint = step.fingerprint();
    Optional<Path> events =
        fingerprint == null || step.state() != RunState.SUCCEEDED
            ? Optional.empty()
            : store.find(step.name(), fingerprint).map(Store.Published::events);
    Path attempt = AttemptFolder.of(home, run.id(), step.name(), step.attempt()).events();
    new EventFeed(run.id(), step.name(), events.orElse(attempt), journal.curves(), SILENT)
        .readAll();
  }

  private static final RunObserver SILENT = new RunObserver() {};
}
