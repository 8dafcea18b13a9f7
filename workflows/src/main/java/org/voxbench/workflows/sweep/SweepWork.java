package org.voxbench.workflows.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunJournal;
import org.voxbench.workflows.journal.RunState;
import org.voxbench.workflows.sweep.SweepBook.Frozen;
import org.voxbench.workflows.sweep.SweepRun.Cell;

/** Decides what is to be done for each cell of a sweep, and sums it up at the end. */
public final class SweepWork {

  private static final Logger LOG = LoggerFactory.getLogger(SweepWork.class);
  private static final long ASK_EVERY_MILLIS = 200;
  private static final RunState[] GOES_ON = {
    RunState.QUEUED,
    RunState.RUNNING,
    RunState.STOPPED,
    RunState.FAILED,
    RunState.LOST,
    RunState.CANCELLED,
    RunState.PARKED
  };

  private final SweepBook book;
  private final RunJournal journal;
  private final CellDesk desk;
  private final InstantSource clock;
  private final Map<String, Object> locks = new ConcurrentHashMap<>();
  private final Map<String, Integer> begun = new ConcurrentHashMap<>();

  /** Why the last cell of a sweep that could not be begun was not. */
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  private final List<Consumer<SweepRun>> finished = new ArrayList<>();

  /** Takes the runs of cells. */
  public interface CellDesk {

    /** Makes a run for a cell; gives its id. */
    String submit(Frozen frozen, SweepRun sweep, Cell cell) throws IOException;

    /** Has a run that ended go on. */
    void resume(String run) throws IOException;

    /** Whether everything is about to stop. */
    boolean stopping();
  }

  public SweepWork(SweepBook book, RunJournal journal, CellDesk desk, InstantSource clock) {
    this.book = book;
    this.journal = journal;
    this.desk = desk;
    this.clock = clock;
  }

  /** Has somebody told of every sweep that ended. */
  public void onFinish(Consumer<SweepRun> listener) {
    finished.add(listener);
  }

  /** The sweep as it stands. */
  public SweepRun find(String id) {
    try {
      return book.read(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers of the cells of a sweep; none when it is over. */
  public List<Integer> cells(String id) {
    List<Integer> numbers = new ArrayList<>();
    SweepRun sweep = find(id);
    begun.put(id, 0);
    refused.remove(id);
    if (sweep.state() == SweepRun.State.RUNNING) {
      for (int i = 0; i < sweep.cells().size(); i++) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  /**
   * What a cell needs: the run to work on, or nothing when there is nothing to do for it or when it
   * cannot be begun, as on a full disk; the others go on and the end of the sweep says why.
   */
  public Optional<String> begin(String id, int number) {
    try {
      return run(id, number);
    } catch (IOException | RuntimeException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      LOG.warn("sweep {}: cell {} cannot be begun: {}", id, number, why);
      refused.put(id, why);
      return Optional.empty();
    }
  }

  private Optional<String> run(String id, int number) throws IOException {
    SweepRun sweep = find(id);
    if (desk.stopping() || sweep.state() != SweepRun.State.RUNNING) {
      return Optional.empty();
    }
    Cell cell = sweep.cells().get(number);
    Optional<Run> known = standIn(sweep, cell);
    if (known.isPresent() && known.get().state() == RunState.SUCCEEDED) {
      assign(id, number, known.get().id());
      return Optional.empty();
    }
    if (overBudget(sweep)) {
      return Optional.empty();
    }
    if (known.isPresent()) {
      Run run = known.get();
      assign(id, number, run.id());
      if (run.state().ended()) {
        desk.resume(run.id());
      }
      return Optional.of(run.id());
    }
    String run = desk.submit(book.frozen(id, number), sweep, cell);
    assign(id, number, run);
    return Optional.of(run);
  }

  /** The run that stands for a cell already: its own, or an earlier one with its configuration. */
  private Optional<Run> standIn(SweepRun sweep, Cell cell) {
    String own = cell.run();
    if (own != null) {
      Optional<Run> run = journal.find(own);
      if (run.isPresent()) {
        return run;
      }
    }
    if (sweep.order().again()) {
      return Optional.empty();
    }
    Optional<Run> done = journal.runs().newest(cell.configuration(), RunState.SUCCEEDED);
    return done.isPresent() ? done : journal.runs().newest(cell.configuration(), GOES_ON);
  }

  private boolean overBudget(SweepRun sweep) {
    Integer most = sweep.order().cells();
    if (most != null && begun.merge(sweep.id(), 1, Integer::sum) > most) {
      return true;
    }
    Long seconds = sweep.order().seconds();
    return seconds != null
        && Duration.between(sweep.created(), clock.instant()).toSeconds() > seconds;
  }

  private void assign(String id, int number, String run) {
    change(id, sweep -> sweep.with(number, run));
  }

  private SweepRun change(String id, UnaryOperator<SweepRun> change) {
    synchronized (locks.computeIfAbsent(id, key -> new Object())) {
      return book.save(change.apply(find(id)));
    }
  }

  /** Ends a sweep whose cells were all seen to; one that was interrupted stays open. */
  public void finish(String id) throws IOException {
    SweepRun sweep = find(id);
    if (desk.stopping() || sweep.state() != SweepRun.State.RUNNING) {
      return;
    }
    awaitOthers(sweep);
    List<String> undone = undone(id, refused.remove(id));
    SweepRun.State state = undone.isEmpty() ? SweepRun.State.SUCCEEDED : SweepRun.State.FAILED;
    String message =
        undone.isEmpty()
            ? null
            : undone.size()
                + " of "
                + sweep.cells().size()
                + " cells did not succeed; run the sweep again to fill them: "
                + String.join("; ", undone.subList(0, Math.min(3, undone.size())));
    SweepRun ended = change(id, s -> s.become(state, clock.instant(), message));
    begun.remove(id);
    new SweepReport(ended, run -> journal.find(run)).write(book.folder(id));
    for (Consumer<SweepRun> listener : finished) {
      try {
        listener.accept(ended);
      } catch (RuntimeException e) {
        LOG.warn("sweep {} has ended, but telling of it failed", id, e);
      }
    }
  }

  private List<String> undone(String id, @Nullable String why) {
    List<String> undone = new ArrayList<>();
    for (Cell cell : find(id).cells()) {
      String run = cell.run();
      RunState state = run == null ? null : journal.find(run).map(Run::state).orElse(null);
      if (run == null) {
        undone.add(cell.label() + " was not begun (" + (why == null ? "budget" : why) + ")");
      } else if (state != RunState.SUCCEEDED) {
        undone.add(cell.label() + ": run " + run);
      }
    }
    return undone;
  }

  /** A cell may be worked on by somebody else, who was asked for it beside the sweep. */
  private void awaitOthers(SweepRun sweep) throws IOException {
    for (Cell cell : sweep.cells()) {
      String run = cell.run();
      while (run != null && !desk.stopping() && isRunning(run)) {
        try {
          Thread.sleep(ASK_EVERY_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for run " + run, e);
        }
      }
    }
  }

  private boolean isRunning(String run) {
    return journal.find(run).filter(r -> r.state() == RunState.RUNNING).isPresent();
  }

  /** Ends a sweep for good; its cells that are being worked on are for the caller to cancel. */
  public SweepRun cancel(String id) {
    SweepRun sweep = find(id);
    if (sweep.state() != SweepRun.State.RUNNING) {
      throw new IllegalArgumentException(
          "sweep " + id + ": expected one that goes on but found one that is " + sweep.state());
    }
    return change(
        id, s -> s.become(SweepRun.State.CANCELLED, clock.instant(), "cancelled on request"));
  }
}
