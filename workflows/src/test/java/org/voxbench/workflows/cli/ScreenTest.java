package org.voxbench.workflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScreenTest {

  private static String plain(String picture) {
    return picture.replaceAll("\u001b\\[[0-9?]*[A-Za-z]", "");
  }

  @Test
  void whatFitsIsShownAsItIsAndNothingOfThePictureBeforeStays() {
    String picture = Screen.picture("one\ntwo\n", 40, 24);
    assertThat(plain(picture).lines()).containsExactly("one", "two");
    assertThat(picture).startsWith("\u001b[H").endsWith("\u001b[J").contains("one\u001b[K");
    assertThat(picture).as("clearing all first flickers").doesNotContain("\u001b[2J");
  }

  @Test
  void longLinesAreCutSoThatNoneTakesTwoRows() {
    String text = "x".repeat(41) + "\n" + "y".repeat(40);
    assertThat(plain(Screen.picture(text, 40, 24)).lines())
        .containsExactly("x".repeat(39) + "\u2026", "y".repeat(40));
  }

  @Test
  void whatIsMoreThanTheRowsIsCounted() {
    String text = "line\n".repeat(30);
    assertThat(plain(Screen.picture(text, 40, 10)).lines())
        .hasSize(9)
        .last()
        .asString()
        .isEqualTo("... and 22 more lines");
  }
}
