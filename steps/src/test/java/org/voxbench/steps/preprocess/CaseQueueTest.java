package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CaseQueueTest {

  private static final long MIB = 1 << 20;

  @Test
  void casesInWorkNeverTakeMoreThanTheBudget(@TempDir Path folder) throws IOException {
    long budget = 100 * MIB;
    List<Long> sizes = LongStream.range(0, 200).mapToObj(n -> (n * 37 % 99 + 1) * MIB - 1).toList();
    AtomicLong inWork = new AtomicLong();
    AtomicLong most = new AtomicLong();
    CaseQueue queue = new CaseQueue(new RawFixture(folder).context(8), budget);

    List<Long> done =
        queue.run(
            "cases",
            sizes,
            size -> size,
            size -> {
              long now = inWork.addAndGet(size);
              most.accumulateAndGet(now, Math::max);
              Thread.onSpinWait();
              inWork.addAndGet(-size);
              return size;
            });

    assertThat(done).isEqualTo(sizes);
    assertThat(most.get()).isLessThanOrEqualTo(budget);
  }

  @Test
  void smallCasesAreWorkedOnTogether(@TempDir Path folder) throws IOException {
    CountDownLatch together = new CountDownLatch(4);
    CaseQueue queue = new CaseQueue(new RawFixture(folder).context(4), 100 * MIB);

    List<Integer> done =
        queue.run(
            "cases",
            List.of(1, 2, 3, 4),
            item -> 20 * MIB,
            item -> {
              together.countDown();
              await(together);
              return item;
            });

    assertThat(done).containsExactly(1, 2, 3, 4);
  }

  @Test
  void nothingIsStartedAfterAFailureAndItsCauseIsThrown(@TempDir Path folder) throws IOException {
    AtomicInteger started = new AtomicInteger();
    CaseQueue queue =
        new CaseQueue(
            new RawFixture(folder).context(1, folder.resolve("out"), Optional.empty(), () -> false),
            100 * MIB);

    assertThatThrownBy(
            () ->
                queue.run(
                    "cases",
                    List.of(1, 2, 3),
                    item -> MIB,
                    item -> {
                      started.incrementAndGet();
                      throw new IOException("case " + item + " is bad");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("case 1 is bad");
    assertThat(started).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
