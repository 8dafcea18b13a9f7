package org.voxbench.steps.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.voxbench.steps.PermanentStepException;

class SplitConfigTest {

  private static final List<String> ACDC =
      List.of(
          "patient001_frame01", "patient001_frame12", "patient002_frame01", "patient002_frame12");
  private static final String BY_PATIENT = "^(patient[0-9]+)_";

  private static SplitConfig read(String json) throws Exception {
    return JsonMapper.builder().build().readValue(json, SplitConfig.class);
  }

  @Test
  void aListedSplitTrainsOnAllOtherCases() throws Exception {
    Split split =
        read("{\"kind\": \"listed\", \"validation\": [\"b\"]}").split(List.of("c", "b", "a"), "");
    assertThat(split).isEqualTo(new Split(List.of("a", "c"), List.of("b")));
  }

  @Test
  void aListedSplitMayNameItsTrainingCasesAndLeaveSomeOut() throws Exception {
    Split split =
        read("{\"kind\": \"listed\", \"validation\": [\"b\"], \"training\": [\"c\"]}")
            .split(List.of("a", "b", "c"), null);
    assertThat(split).isEqualTo(new Split(List.of("c"), List.of("b")));
  }

  @Test
  void unknownIdsAreAllNamedWithTheNearestLegalOne() throws Exception {
    SplitConfig split =
        read(
            "{\"kind\": \"listed\", \"validation\": [\"phantom_09\", \"liver\", \"phantom_003\"]}");
    List<String> cases = List.of("phantom_001", "phantom_003", "phantom_009");
    assertThatThrownBy(() -> split.split(cases, ""))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("2 problems")
        .hasMessageContaining("no labelled case 'phantom_09'; did you mean 'phantom_009'?")
        .hasMessageContaining("'liver'; there are [phantom_001, phantom_003, phantom_009]");
  }

  @Test
  void aPatientOnBothSidesIsNamedWithItsScans() throws Exception {
    SplitConfig split = read("{\"kind\": \"listed\", \"validation\": [\"patient002_frame12\"]}");
    assertThatThrownBy(() -> split.split(ACDC, BY_PATIENT))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("patient 'patient002' is on both sides")
        .hasMessageContaining("[patient002_frame01]")
        .hasMessageContaining("[patient002_frame12]");
  }

  @Test
  void theSameCaseOnBothSidesIsLeakageToo() throws Exception {
    SplitConfig split =
        read("{\"kind\": \"listed\", \"validation\": [\"a\"], \"training\": [\"a\", \"b\"]}");
    assertThatThrownBy(() -> split.split(List.of("a", "b"), ""))
        .hasMessageContaining("patient 'a' is on both sides");
  }

  @Test
  void anIdWithoutAPatientIsNamed() throws Exception {
    SplitConfig split = read("{\"kind\": \"random\", \"fraction\": 0.5, \"seed\": 1}");
    assertThatThrownBy(() -> split.split(List.of("patient001_frame01", "stray"), BY_PATIENT))
        .hasMessageContaining("case 'stray'")
        .hasMessageContaining("dataset.patient");
  }

  @Test
  void aBrokenPatientPatternIsExplained() throws Exception {
    SplitConfig split = read("{\"kind\": \"random\", \"fraction\": 0.5, \"seed\": 1}");
    assertThatThrownBy(() -> split.split(ACDC, "("))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("dataset.patient: expected a regular expression");
  }

  @Test
  void allCasesHeldOutLeavesNothingToLearnFrom() throws Exception {
    SplitConfig split = read("{\"kind\": \"listed\", \"validation\": [\"a\", \"b\"]}");
    assertThatThrownBy(() -> split.split(List.of("a", "b"), ""))
        .hasMessageContaining("expected at least one case but all 2 are held out");
  }

  @Test
  void theSameKindUsesEveryCaseTwice() throws Exception {
    assertThat(read("{\"kind\": \"same\"}").split(List.of("a"), ""))
        .isEqualTo(new Split(List.of("a"), List.of("a")));
  }

  @Test
  void aFractionOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> read("{\"kind\": \"random\", \"fraction\": 1, \"seed\": 1}"))
        .hasMessageContaining("split.fraction: expected more than 0 and less than 1 but was 1");
  }

  @Test
  void oneLonePatientCannotBeSplit() throws Exception {
    SplitConfig split = read("{\"kind\": \"random\", \"fraction\": 0.2, \"seed\": 1}");
    assertThatThrownBy(() -> split.split(ACDC.subList(0, 2), BY_PATIENT))
        .hasMessageContaining("expected at least 2 patients");
  }

  @Property(tries = 200)
  void aRandomSplitKeepsEveryPatientTogetherWhateverTheOrder(
      @ForAll @IntRange(min = 2, max = 40) int patients,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double fraction,
      @ForAll long seed) {
    List<String> cases = new ArrayList<>();
    for (int patient = 0; patient < patients; patient++) {
      cases.add("patient%03d_frame01".formatted(patient));
      cases.add("patient%03d_frame09".formatted(patient));
    }
    SplitConfig config = new SplitConfig.RandomByPatient(fraction, seed);
    Split split = config.split(cases, BY_PATIENT);
    Collections.reverse(cases);
    assertThat(config.split(cases, BY_PATIENT)).isEqualTo(split);
    Set<String> all = new TreeSet<>(split.training());
    all.addAll(split.validation());
    assertThat(all).hasSize(2 * patients);
    assertThat(patientsOf(split.training()))
        .doesNotContainAnyElementsOf(patientsOf(split.validation()));
    int expected = (int) Math.max(1, Math.min(patients - 1, Math.round(patients * fraction)));
    assertThat(split.validation()).hasSize(2 * expected);
  }

  private static Set<String> patientsOf(List<String> cases) {
    return cases.stream().map(id -> id.substring(0, 10)).collect(Collectors.toSet());
  }
}
