package org.voxbench.workflows.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.journal.AttemptJournal;
import org.voxbench.workflows.journal.AttemptJournal.Attempt;
import org.voxbench.workflows.journal.AttemptJournal.Claim;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.run.AttemptFolder.Folders;
import org.voxbench.workflows.run.AttemptFolder.Request;
import org.voxbench.workflows.run.Store.Published;

/**
 * What is settled before an attempt is worked on: its number, its request, what it goes on from.
 */
final class AttemptBeginnings {

  private final Home home;
  private final RunJournal journal;
  private final AttemptJournal attempts;
  private final Store store;

  AttemptBeginnings(Home home, RunJournal journal, Store store) {
    this.home = home;
    this.journal = journal;
    this.attempts = journal.attempts();
    this.store = store;
  }

  /** A claim on the fingerprint of a task, with a number that no earlier attempt has. */
  Claim claim(Task task) {
    int number = journal.find(task.run()).orElseThrow().step(task.step()).attempt() + 1;
    int known = attempts.newest(task.run(), task.step()).map(Attempt::number).orElse(0) + 1;
    number = Math.max(number, known);
    while (Files.exists(AttemptFolder.of(home, task.run(), task.step(), number).root())) {
      number++;
    }
    Path folder = AttemptFolder.of(home, task.run(), task.step(), number).root();
    return new Claim(task.run(), task.step(), number, task.digest(), folder);
  }

  /** What an attempt goes on from, if anything, and why it is made. */
  record Start(@Nullable Path earlier, String reason) {}

  /** How an attempt starts; nothing when the output was published meanwhile. */
  Optional<Start> start(Task task, Attempt attempt) throws IOException {
    Optional<Published> published = store.find(task.step(), task.digest());
    String reason = task.decision().reason();
    if (published.isEmpty()) {
      Path earlier = unfinished(task.digest());
      String from = earlier == null ? "" : "; goes on from " + home.root().relativize(earlier);
      return Optional.of(new Start(earlier, reason + from));
    }
    List<String> damaged = published.get().manifest().damaged(published.get().output());
    if (damaged.isEmpty()) {
      return Optional.empty();
    }
    Path retired = store.retire(published.get(), attempt.folder());
    return Optional.of(
        new Start(retired, "the earlier output is damaged (" + damaged.get(0) + "): made again"));
  }

  Request request(Task task, Attempt attempt, @Nullable Path earlier) {
    Map<StepName, Path> folders = new EnumMap<>(StepName.class);
    task.inputs().forEach((input, output) -> folders.put(input, output.output()));
    return new Request(
        task.run(),
        task.step(),
        attempt.fence(),
        task.decision().fingerprint(),
        task.experiment().request(task.step()),
        new Folders(folders, earlier, home.shared(task.step())),
        task.experiment().resources());
  }

  /** What the newest unfinished attempt with that fingerprint left behind. */
  private @Nullable Path unfinished(String fingerprint) throws IOException {
    for (Attempt attempt : attempts.unfinished(fingerprint)) {
      Path output = new AttemptFolder(attempt.folder()).output();
      if (Files.isDirectory(output) && !Digests.filesBelow(output).isEmpty()) {
        return output;
      }
    }
    return null;
  }
}
