package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.PartProxy.Fate;

/** Parts that go to another host than the tracking server, as to S3 by addresses it signed. */
@Timeout(60)
class PartStoreTest {

  private PartBench bench;
  private PartStore store;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    bench = new PartBench(folder);
    bench.use(Credentials.bearer("t0ken"));
    store = new PartStore(() -> bench.proxy.server);
    bench.proxy.begun = answer -> store.signed(answer);
  }

  @AfterEach
  void stop() {
    store.close();
    bench.close();
  }

  @Test
  void theStoreGetsTheSignedRequestAndNoCredentialsOfOurs() throws Exception {
    bench.send();
    assertThat(store.taken).hasSize(10);
    assertThat(store.authorizations).containsOnly("null");
    assertThat(store.extras).containsOnly("signed");
    assertThat(bench.proxy.authorizations).containsOnly("Bearer t0ken");
    assertThat(bench.proxy.calls).containsExactly("create", "complete");
    bench.assertThere();
  }

  @Test
  void anUploadToAStoreThatBrokeOffGoesOn() throws Exception {
    store.failing = number -> number == 5 ? -1 : 0;
    assertThatThrownBy(() -> bench.send()).isInstanceOf(TrackingUnavailableException.class);
    store.failing = number -> number == 6 ? 503 : 0;
    bench.restartSender();
    assertThatThrownBy(() -> bench.send())
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("HTTP 503");
    assertThat(bench.notesLeft()).hasSize(1);
    assertThat(Files.readString(bench.notesLeft().get(0)))
        .contains("X-Signature")
        .doesNotContain("t0ken");
    store.failing = number -> 0;
    bench.restartSender();
    bench.send();
    assertThat(store.taken).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    bench.assertThere();
  }

  @Test
  void addressesThatExpiredAreAskedForAnew() throws Exception {
    store.failing = number -> number == 5 ? 500 : 0;
    assertThatThrownBy(() -> bench.send()).isInstanceOf(TrackingUnavailableException.class);
    store.expire();
    store.failing = number -> 0;
    bench.proxy.calls.clear();
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("abort", "create", "complete");
    bench.assertThere();
  }

  @Test
  void aStoreThatRefusesUsIsRememberedAndTheFileGoesWholeThroughTheServer() throws Exception {
    store.failing = number -> 403;
    bench.send();
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "abort", "whole", "whole");
    bench.assertThere();
  }

  @Test
  void aStoreThatCannotBeReachedIsRememberedAndTheFileGoesWholeThroughTheServer() throws Exception {
    URI nobody = FaultyServer.nobody();
    bench.proxy.begun = answer -> store.signed(answer).replace(store.uri(), nobody.toString());
    bench.send();
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "abort", "whole", "whole");
    bench.assertThere();
  }

  @Test
  void aServerThatNamesNoUsableAddressGetsTheFileWhole() throws Exception {
    bench.proxy.begun = answer -> store.signed(answer).replace("http://", "gopher://");
    bench.send();
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "abort", "whole", "whole");
    bench.assertThere();
  }

  @Test
  void aStoreThatLostTheUploadIsAskedAnewAndNotForEver() throws Exception {
    bench.proxy.fate = call -> call.equals("complete") ? Fate.IS_ANSWERED_500 : Fate.PASSES;
    bench.send();
    assertThat(bench.proxy.calls).containsExactly("create", "complete", "read", "abort", "whole");
    bench.assertThere();
  }
}
