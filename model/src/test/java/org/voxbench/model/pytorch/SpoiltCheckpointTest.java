package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.voxbench.model.Tensor;
import org.voxbench.model.Weights;

/**
 * Whatever is wrong with a file, it is refused by the one documented exception, soon and cheaply.
 */
final class SpoiltCheckpointTest {

  /**
   * Reading one of the files, of some 7 kB, whole takes 110 kB: names, values, buffers. A zip that
   * claims the most entries its header can name, 65535, costs the JDK a table of 0.9 MB before it
   * finds out.
   */
  private static final long MEMORY = 2_000_000;

  private static Path file = Path.of("");

  @BeforeContainer
  static void open() throws IOException {
    file = Files.createTempFile("spoilt", ".model");
    // What the first use of a class allocates is nobody's file's fault.
    readsOrRefuses(Checkpoints.bytes("published.model"), Long.MAX_VALUE);
    readsOrRefuses(Checkpoints.bytes("types.pt"), Long.MAX_VALUE);
    readsOrRefuses(Checkpoints.bytes("malicious-legacy.model"), Long.MAX_VALUE);
  }

  @AfterContainer
  static void remove() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 1000)
  void changedBytesOfAnArchive(@ForAll @Size(min = 1, max = 6) List<@IntRange Integer> seeds) {
    readsOrRefuses(changed("published.model", seeds), MEMORY);
  }

  @Property(tries = 1000)
  void changedBytesOfALegacyFile(@ForAll @Size(min = 1, max = 6) List<@IntRange Integer> seeds) {
    readsOrRefuses(changed("published-legacy.model", seeds), MEMORY);
  }

  @Property(tries = 300)
  void anArchiveCutAnywhere(@ForAll @IntRange(max = 20_000) int length) throws IOException {
    readsOrRefuses(cut("published.model", length), MEMORY);
    readsOrRefuses(cut("published-legacy.model", length), MEMORY);
    readsOrRefuses(cut("types.pt", length), MEMORY);
  }

  @Property(tries = 1000)
  void changedBytesOfSafetensors(@ForAll @Size(min = 1, max = 6) List<@IntRange Integer> seeds)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("first.weight", Tensor.of(List.of(2, 3), 1, 2, 3, 4, 5, 6));
    tensors.put("first.bias", Tensor.of(List.of(2), 7, 8));
    tensors.put("count", Tensor.counter(9));
    Weights.of(tensors).write(file);
    readsOrRefuses(changed(Files.readAllBytes(file), seeds), MEMORY);
  }

  private static byte[] cut(String name, int length) throws IOException {
    byte[] bytes = Checkpoints.bytes(name);
    return Arrays.copyOf(bytes, Math.min(length, bytes.length));
  }

  /** Past the checksums: the pickle itself is changed, and the archive made anew around it. */
  @Property(tries = 1000)
  void changedBytesOfThePickle(@ForAll @Size(min = 1, max = 6) List<@IntRange Integer> seeds) {
    byte[] pickle = changed("published-legacy.model", seeds);
    try {
      new Unpickler(new PickleInput(file, "test", ByteBuffer.wrap(pickle, 98, 1900))).load();
    } catch (UnreadableWeightsException e) {
      assertThat(e).hasMessageContaining("byte");
    }
  }

  @Property(tries = 1000)
  void anyInstructionsAtAll(@ForAll byte[] instructions) {
    try {
      new Unpickler(new PickleInput(file, "test", ByteBuffer.wrap(instructions))).load();
    } catch (UnreadableWeightsException e) {
      assertThat(e).hasMessageContaining("test, byte");
    }
  }

  /** Each seed changes one byte: its place and its new value. */
  private static byte[] changed(String name, List<Integer> seeds) {
    try {
      return changed(Checkpoints.bytes(name), seeds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] changed(byte[] bytes, List<Integer> seeds) {
    for (int seed : seeds) {
      int mixed = seed * 0x9E3779B9;
      bytes[Integer.remainderUnsigned(mixed, bytes.length)] = (byte) (seed >> 3);
    }
    return bytes;
  }

  private static void readsOrRefuses(byte[] bytes, long memory) {
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    try {
      Files.write(file, bytes);
      WeightFiles.read(file);
    } catch (UnreadableWeightsException e) {
      assertThat(e).hasMessageContaining(file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(thread.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated for %s", bytes.length)
        .isLessThan(memory);
  }
}
