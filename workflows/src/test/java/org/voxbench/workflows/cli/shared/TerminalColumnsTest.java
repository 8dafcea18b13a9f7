package org.voxbench.workflows.cli.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalColumnsTest {

  @ParameterizedTest
  @CsvSource({"40 130,130", "24 10,40", "0 0,80", "'',80", "stty: bad,80", "40 99999,80"})
  void theSecondNumberCountsUnlessItTellsNothing(String size, int columns) {
    assertThat(Terminal.columns(size)).isEqualTo(columns);
  }
}
