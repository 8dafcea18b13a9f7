package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedDataset;

class PreprocessTest {

  @Test
  void casesArePreparedAndOpenedAgain(@TempDir Path folder) throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").declare("CT");

    StepResult result = new Preprocess().run(RawFixture.request("CT"), fixture.context(2));

    assertThat(result.metrics()).containsEntry("preprocess.cases", 2.0);
    PreparedDataset prepared = PreparedDataset.open(fixture.out);
    assertThat(prepared.cases()).extracting(PreparedCase::id).containsExactly("a", "b");
    assertThat(prepared.labels()).isEqualTo(Map.of(1, "block"));
    assertThat(prepared.plan().spacing()).isEqualTo(RawFixture.SPACING);
    PreparedCase one = prepared.find("a");
    assertThat(one.shape()).isEqualTo(RawFixture.SHAPE);
    assertThat(one.foregroundClasses()).containsExactly(1);
    IntBuffer locations = one.locations(1);
    assertThat(locations.remaining()).isEqualTo(3 * 4 * 5);
    while (locations.hasRemaining()) {
      assertThat(one.labels().get(locations.get())).isEqualTo((byte) 1);
    }
    assertThat(fixture.told).contains("cases prepared 2/2");
  }

  @Test
  void theSameInputGivesTheSameBytesWithAnyNumberOfThreads(@TempDir Path folder)
      throws IOException {
    RawFixture fixture = new RawFixture(folder).add("a").add("b").add("c").declare("CT");
    Path again = Files.createDirectories(folder.resolve("again"));

    new Preprocess().run(RawFixture.request("CT"), fixture.context(1));
    new Preprocess()
        .run(RawFixture.request("CT"), fixture.context(3, again, Optional.empty(), () -> false));

    assertThat(bytes(again)).isEqualTo(bytes(fixture.out)).isNotEmpty();
  }

  private static Map<String, String> bytes(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.put(
            folder.relativize(file).toString(),
            java.util.Arrays.hashCode(Files.readAllBytes(file)) + ":" + Files.size(file));
      }
    }
    return all;
  }
}
