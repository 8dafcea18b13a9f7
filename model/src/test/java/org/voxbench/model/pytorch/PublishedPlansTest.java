package org.voxbench.model.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublishedPlansTest {

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"plans2.model", "plans4.model"})
  void thePlansOfTheFullResolutionAreRead(String checkpoint) throws IOException {
    Checkpoints.copy(checkpoint + ".pkl", folder);
    assertThat(PublishedPlans.beside(folder.resolve(checkpoint)))
        .hasValueSatisfying(
            plans -> {
              assertThat(plans.spacing())
                  .containsExactly(3.0, 0.7578124403953552, 0.7578124403953552);
              assertThat(plans.patch()).containsExactly(64, 128, 128);
              assertThat(plans.batch()).isEqualTo(2);
              assertThat(plans.modalities()).isEqualTo(1);
              assertThat(plans.classes()).isEqualTo(14);
              assertThat(plans.normalization()).containsExactly("CT");
              assertThat(plans.intensities()).containsExactly(-958.0, 326.0, 82.95177, 136.94818);
            });
  }

  @Test
  void aCheckpointWithoutPlansHasNone() throws IOException {
    assertThat(PublishedPlans.beside(folder.resolve("w.model"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plans2.model.pkl", "plans4.model.pkl"})
  void plansThatAreCutAreRefused(String name) throws IOException {
    byte[] all = Checkpoints.bytes(name);
    Path file = folder.resolve("w.model.pkl");
    for (int length = 0; length < all.length; length += 7) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThatThrownBy(() -> PublishedPlans.beside(folder.resolve("w.model")))
          .as("%d bytes", length)
          .isInstanceOf(UnreadableWeightsException.class)
          .hasMessageContaining("w.model.pkl");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cposix;system;(U\u0001xtR. | the global posix.system is refused",
        "}. | expected plans with current_spacing",
        "cnumpy;dtype;(K\u0001tR. | expected a string but found a Long",
        "cnumpy._core.multiarray;scalar;(cnumpy;dtype;(U\u0002f8tRU\u0001xtR. | expected a byte[]",
        "cnumpy._core.multiarray;_reconstruct;)R)b. | expected five parts of an array"
      })
  void whatIsNoPlansIsRefusedByName(String pickle, String message) throws IOException {
    String text = "\u0080\u0002" + pickle.replace(';', '\n');
    Files.write(folder.resolve("w.model.pkl"), text.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> PublishedPlans.beside(folder.resolve("w.model")))
        .isInstanceOf(UnreadableWeightsException.class)
        .hasMessageContaining("w.model.pkl")
        .hasMessageContaining(message);
  }
}
