package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.voxbench.steps.StepContext;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;
import org.voxbench.workflows.journal.RunState;

/**
 * A coordinator with one short run, on real files, a real H2 file and real worker processes, to be
 * killed by a test.
 */
public final class ShortCoordinator {

  private static final int TRIES = 3;

  private ShortCoordinator() {}

  /** Called as {@code HOME}: begins its run or goes on with it; or as {@code work FOLDER}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("work")) {
      work(new AttemptFolder(Path.of(arguments[1])));
    } else {
      coordinate(Path.of(arguments[0]));
    }
  }

  private static void work(AttemptFolder folder) throws IOException {
    CountingSteps steps = new CountingSteps();
    steps.before = ShortCoordinator::half;
    InstantSource clock = InstantSource.system();
    try (WorkerLife life = WorkerLife.begin(folder, System.in, clock, () -> System.exit(1))) {
      var unused = new Worker(steps.catalogue(), clock).work(folder, () -> false);
    }
  }

  private static void coordinate(Path home) throws IOException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + home.resolve("index").toAbsolutePath());
    RunBench bench = new RunBench(home, database, ShortCoordinator.class.getName());
    bench.recovery.recover();
    List<Run> runs = bench.journal.runs().find(Filter.ALL, RunIndex.Sort.CREATED, 10);
    String id = runs.isEmpty() ? bench.queued(7) : runs.get(0).id();
    for (int i = 0; i < TRIES && bench.find(id).state() != RunState.SUCCEEDED; i++) {
      if (bench.find(id).state().ended()) {
        bench.journal.update(id, Run::requeued);
      }
      bench.work(id);
    }
    System.out.println(id + " " + bench.find(id).state());
  }

  /** Half of the training takes its time, so that kills meet it. */
  private static void half(StepContext context) {
    try {
      Files.writeString(context.output().resolve("half.txt"), "half");
      Thread.sleep(context.earlier().isPresent() ? 100 : 400);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
