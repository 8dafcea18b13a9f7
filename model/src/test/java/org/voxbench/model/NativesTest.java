package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {

  @Test
  void aDiskTooFullForLibtorchIsNamedWithItsNeedAndTheWayOut(@TempDir Path folder) {
    assertThatThrownBy(() -> Natives.requireRoom(folder, 300L << 20))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "libtorch has to be unpacked once into %s, which takes 450 MiB, but the disk has 300"
                + " MiB free; make room there, or choose another disk with --home FOLDER, or link"
                + " that folder to another disk",
            folder);
  }

  @Test
  void whatIsUnpackedNeedsNoMoreRoom(@TempDir Path folder) throws IOException {
    assertThat(Natives.unpacked(folder.resolve("missing"))).isFalse();
    Path version = Files.createDirectories(folder.resolve("pytorch/2.7.1-cpu-linux-x86_64"));
    assertThat(Natives.unpacked(folder)).isFalse();
    Files.createFile(version.resolve("libtorch_cpu.so"));
    assertThat(Natives.unpacked(folder)).isTrue();
  }
}
