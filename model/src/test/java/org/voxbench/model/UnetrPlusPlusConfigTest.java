package org.voxbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnetrPlusPlusConfigTest {

  @Test
  void aPatchThatDoesNotFitNamesTheAxisAndTheNearestSizes() {
    UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant("synapse", 1, 14);
    assertThatThrownBy(() -> config.withPatch(List.of(64, 100, 128)))
        .hasMessageContaining("axis y")
        .hasMessageContaining("100")
        .hasMessageContaining("96 and 128");
    assertThatThrownBy(() -> config.withPatch(List.of(3, 128, 128)))
        .hasMessageContaining("axis z")
        .hasMessageContaining("16 and 32");
  }

  @Test
  void anUnknownVariantListsTheKnownOnes() {
    assertThatThrownBy(() -> UnetrPlusPlusConfig.variant("synaps", 1, 14))
        .hasMessageContaining("synaps")
        .hasMessageContaining("synapse, acdc, lung, tumor, nano");
  }

  @Test
  void widthsThatHeadsDoNotDivideAreRefused() {
    UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant("nano", 1, 3);
    assertThatThrownBy(() -> config.withWidths(List.of(18, 36, 72, 144)))
        .hasMessageContaining("4 heads")
        .hasMessageContaining("18");
  }

  @Test
  void survivesJson() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    for (String variant : UnetrPlusPlusConfig.VARIANTS) {
      UnetrPlusPlusConfig config = UnetrPlusPlusConfig.variant(variant, 2, 5);
      String text = json.writeValueAsString(config);
      assertThat(json.readValue(text, UnetrPlusPlusConfig.class)).isEqualTo(config);
    }
  }

  @Test
  void btcvIsSynapseAndBratsIsTumor() {
    assertThat(UnetrPlusPlusConfig.variant("BTCV", 1, 14))
        .isEqualTo(UnetrPlusPlusConfig.variant("synapse", 1, 14));
    assertThat(UnetrPlusPlusConfig.variant("brats", 4, 4))
        .isEqualTo(UnetrPlusPlusConfig.variant("tumor", 4, 4));
  }
}
