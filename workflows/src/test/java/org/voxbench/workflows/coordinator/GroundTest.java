package org.voxbench.workflows.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;

@Timeout(60)
class GroundTest {

  @TempDir private Path folder = Path.of("");

  private Home home() {
    return new Home(folder).prepared();
  }

  private Ground take() {
    try {
      return Ground.take(home());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoWantsAHomeFolderWaitsForOneThatOnlyHasALook() throws Exception {
    Ground looking = Ground.glance(home());
    CompletableFuture<Ground> wanted = CompletableFuture.supplyAsync(this::take);
    assertThat(wanted).isNotDone();

    looking.close();

    try (Ground taken = wanted.get()) {
      assertThat(taken.journal().runs().counts()).isEmpty();
    }
  }

  @Test
  void whoOnlyHasALookDoesNotWait() throws Exception {
    try (Ground held = Ground.take(home())) {
      assertThat(held.home()).isEqualTo(home());
      long start = System.nanoTime();
      assertThatThrownBy(() -> Ground.glance(home())).isInstanceOf(HomeInUseException.class);
      assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
    }
  }

  @Test
  void aCoordinatorIsNotWaitedFor() throws Exception {
    try (Ground held = Ground.take(home())) {
      Files.write(
          held.home().coordinator(),
          Json.MAPPER.writeValueAsBytes(
              new CoordinatorAddress(
                  URI.create("http://127.0.0.1:1"), ProcessHandle.current().pid())));
      long start = System.nanoTime();
      assertThatThrownBy(() -> Ground.take(home())).isInstanceOf(HomeInUseException.class);
      assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
    }
  }
}
