package org.voxbench.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FormatTest {

  @Test
  void durationsShowTheirTwoLargestUnits() {
    assertThat(Format.duration(Duration.ofMillis(-5))).isEqualTo("0.0 s");
    assertThat(Format.duration(Duration.ofMillis(420))).isEqualTo("0.4 s");
    assertThat(Format.duration(Duration.ofMillis(9_960))).isEqualTo("10 s");
    assertThat(Format.duration(Duration.ofMillis(59_600))).isEqualTo("1 min 0 s");
    assertThat(Format.duration(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
    assertThat(Format.duration(Duration.ofSeconds(7_830))).isEqualTo("2 h 11 min");
    assertThat(Format.duration(Duration.ofHours(53))).isEqualTo("2 d 5 h");
  }

  @Test
  void whatIsLeftIsRoundedSoThatItDoesNotFlicker() {
    assertThat(Format.remaining(Duration.ofSeconds(2))).isEqualTo("a few seconds left");
    assertThat(Format.remaining(Duration.ofSeconds(31))).isEqualTo("about 35 s left");
    assertThat(Format.remaining(Duration.ofSeconds(130))).isEqualTo("about 2 min left");
    assertThat(Format.remaining(Duration.ofMinutes(150))).isEqualTo("about 2.5 h left");
  }

  @Test
  void figuresKeepTheDigitsThatCount() {
    assertThat(Format.figure(0.934)).isEqualTo("0.9340");
    assertThat(Format.figure(12.3456)).isEqualTo("12.35");
    assertThat(Format.figure(0.0000123)).isEqualTo("1.230e-05");
    assertThat(Format.figure(1_684_210.0)).isEqualTo("1\u202f684\u202f210");
    assertThat(Format.figure(Double.NaN)).isEqualTo("–");
    assertThat(Format.figure(Double.NEGATIVE_INFINITY)).isEqualTo("−∞");
    assertThat(Format.share(null)).isEqualTo("–");
  }

  @Test
  void sizesAreDecimal() {
    assertThat(Format.bytes(999)).isEqualTo("999 B");
    assertThat(Format.bytes(1_022)).isEqualTo("1.0 kB");
    assertThat(Format.bytes(999_700)).isEqualTo("1.0 MB");
    assertThat(Format.bytes(6_740_112)).isEqualTo("6.7 MB");
    assertThat(Format.bytes(5_000_000_000_000L)).isEqualTo("5.0 TB");
  }
}
