package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.voxbench.tracking.PartProxy.Fate;

/** Wherever an upload breaks off, and however often, the same bytes are there in the end. */
class PartCutsTest {

  /**
   * An attempt that breaks off.
   *
   * @param after so many calls
   * @param sender whether another process takes over
   * @param server whether the server is another one afterwards
   */
  record Cut(int after, Fate fate, boolean sender, boolean server) {}

  @Provide
  Arbitrary<List<Cut>> cuts() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.of(Fate.IS_CUT, Fate.LOSES_ITS_ANSWER),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false, false, false))
        .as(Cut::new)
        .list()
        .ofMaxSize(5);
  }

  /** Each cut costs the part it hits and no other; a lost beginning costs nothing. */
  @Property(tries = 12)
  void anyCutsEndWithTheSameBytesAndCostOnePartEach(@ForAll("cuts") List<Cut> cuts)
      throws Exception {
    Path folder = Files.createTempDirectory("voxbench-cuts");
    try (PartBench bench = new PartBench(folder)) {
      for (Cut cut : cuts) {
        AtomicInteger left = new AtomicInteger(cut.after());
        bench.proxy.fate = call -> left.getAndDecrement() == 0 ? cut.fate() : Fate.PASSES;
        if (bench.sent()) {
          bench.assertThere();
          // What is there is sent anew when it is asked for.
          bench.proxy.calls.clear();
        }
        if (cut.sender()) {
          bench.restartSender();
        }
        if (cut.server()) {
          bench.restartServer();
        }
      }
      bench.proxy.fate = call -> Fate.PASSES;
      bench.send();
      bench.assertThere();
      assertThat(bench.proxy.parts()).hasSizeBetween(10, 10 + cuts.size());
      assertThat(bench.proxy.calls).doesNotContain("whole", "abort");
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
