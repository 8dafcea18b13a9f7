package org.voxbench.workflows.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokenTest {

  private Path home;

  @BeforeEach
  void use(@TempDir Path folder) {
    home = folder;
  }

  @Test
  void theFirstStartMakesATokenThatOnlyItsOwnerMayRead() throws Exception {
    Path deep = home.resolve("a/b");
    AccessToken token = AccessToken.of(deep);
    assertThat(token.value()).matches("[A-Za-z0-9_-]{43}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.resolve("token"))))
        .isEqualTo("rw-------");
    assertThat(AccessToken.of(deep).value()).isEqualTo(token.value());
    try (Stream<Path> left = Files.list(deep)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void eachHomeHasItsOwn() {
    assertThat(AccessToken.of(home.resolve("a")).value())
        .isNotEqualTo(AccessToken.of(home.resolve("b")).value());
  }

  @Test
  void manyStartsAtOnceGetTheSame() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 64).parallel().forEach(i -> seen.add(AccessToken.of(home).value()));
    assertThat(seen).hasSize(1);
  }

  @Test
  void aTokenOthersMayReadIsClosedToThem() throws Exception {
    AccessToken token = AccessToken.of(home);
    Path file = home.resolve("token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(AccessToken.of(home).value()).isEqualTo(token.value());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedFileIsRefusedByNameWithoutShowingIt() throws Exception {
    Files.writeString(home.resolve("token"), "hunter2");
    assertThatThrownBy(() -> AccessToken.of(home))
        .hasMessageContaining(home.resolve("token").toString())
        .hasMessageContaining("found 7 characters")
        .hasMessageContaining("delete the file")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void onlyTheWholeTokenMatches() {
    AccessToken token = AccessToken.of(home);
    assertThat(token.matches(token.value())).isTrue();
    assertThat(token.matches(token.value().substring(1))).isFalse();
    assertThat(token.matches("")).isFalse();
    assertThat(token.toString()).doesNotContain(token.value());
  }
}
