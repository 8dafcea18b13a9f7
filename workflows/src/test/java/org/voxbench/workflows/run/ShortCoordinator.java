package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.voxbench.workflows.journal.Run;
import org.voxbench.workflows.journal.RunIndex;
import org.voxbench.workflows.journal.RunIndex.Filter;

/** A coordinator with one short run, on real files and a real H2 file, to be killed by a test. */
public final class ShortCoordinator {

  private ShortCoordinator() {}

  /** Goes on with the run of the home folder given, or begins it. */
  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[0]);
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + home.resolve("index").toAbsolutePath());
    RunBench bench = new RunBench(home, database);
    bench.steps.before = context -> half(context.output(), context.earlier().isPresent());
    bench.recovery.recover();
    List<Run> runs = bench.journal.runs().find(Filter.ALL, RunIndex.Sort.CREATED, 10);
    String id = runs.isEmpty() ? bench.queued(7) : runs.get(0).id();
    if (!bench.find(id).state().ended()) {
      bench.work(id);
    }
    System.out.println(id + " " + bench.find(id).state());
  }

  /** Half of the training takes its time, so that kills meet it. */
  private static void half(Path output, boolean goesOn) {
    try {
      Files.writeString(output.resolve("half.txt"), "half");
      Thread.sleep(goesOn ? 100 : 400);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
