package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voxbench.model.MemoryProbe.Freed;

/** Each measurement has a process of its own: other tests would blur it. */
final class LeakTest {

  @ParameterizedTest
  @CsvSource({"recompute,BFLOAT16", "predict,FLOAT32"})
  void residentMemoryStaysFlat(String work, Precision precision)
      throws IOException, InterruptedException {
    // The input alone of 30 calls is 2.0 MB, activations far more.
    MemoryProbe.Resident memory = measure(work, "tiny", precision, 30 * MemoryProbe.PARTS);
    assertThat(memory.growth()).isLessThan(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "train,FLOAT32",
    "train,BFLOAT16",
    "recompute,FLOAT32",
    "recompute,BFLOAT16",
    "predict,FLOAT32",
    "predict,BFLOAT16"
  })
  @Tag("slow")
  void residentMemoryGrowsByLessThanOnePercentOverTwoHundredCalls(String work, Precision precision)
      throws IOException, InterruptedException {
    assumeThat(Boolean.getBoolean("voxbench.slow"))
        .as("six processes of 200 calls take minutes; run with -Dvoxbench.slow=true")
        .isTrue();
    MemoryProbe.Resident memory = measure(work, "nano", precision, 200);
    assertThat(memory.after()).isLessThan(memory.before() + memory.before() / 100);
  }

  private static MemoryProbe.Resident measure(
      String work, String variant, Precision precision, int calls)
      throws IOException, InterruptedException {
    assumeThat(MemoryProbe.STATUS).as("this system does not tell resident memory").exists();
    MemoryProbe.Resident memory =
        MemoryProbe.run(work, variant, precision, calls, Freed.GIVEN_BACK);
    System.out.printf("%s %s %s: %s%n", work, variant, precision, memory);
    return memory;
  }
}
