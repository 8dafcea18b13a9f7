package org.voxbench.steps.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.dataset.Normalization;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.volume.AffineRule;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

class PlanningTest {

  private static final GridShape SLICES = new GridShape(20, 256, 256);

  @Test
  void theTargetSpacingIsTheMedian() {
    List<Spacing> spacings =
        List.of(new Spacing(3, 0.7, 0.7), new Spacing(5, 0.8, 0.8), new Spacing(3, 0.9, 0.9));
    List<GridShape> shapes = Collections.nCopies(3, new GridShape(148, 512, 512));

    assertThat(Planning.spacing(spacings, shapes, TargetSpacing.AUTO))
        .as("148 slices x 3 are not below 444, so the median stands")
        .isEqualTo(new Spacing(3, 0.8, 0.8));
  }

  @Test
  void aVeryCoarseAxisWithFewSlicesTakesItsTenthPercentile() {
    List<Spacing> spacings =
        DoubleStream.of(5, 6, 7, 8, 9, 10, 10, 10, 10, 10, 10)
            .mapToObj(z -> new Spacing(z, 1.5, 1.5))
            .toList();

    assertThat(Planning.spacing(spacings, Collections.nCopies(11, SLICES), TargetSpacing.AUTO))
        .isEqualTo(new Spacing(6, 1.5, 1.5));
  }

  @Test
  void theTenthPercentileIsNeverFinerThanTheOtherAxes() {
    List<Spacing> spacings =
        DoubleStream.of(1, 1, 1, 10, 10, 10, 10, 10, 10, 10)
            .mapToObj(z -> new Spacing(z, 1.5, 1.5))
            .toList();

    assertThat(Planning.spacing(spacings, Collections.nCopies(10, SLICES), TargetSpacing.AUTO))
        .isEqualTo(new Spacing(1.5 + 1e-5, 1.5, 1.5));
  }

  @Test
  void aGivenSpacingIsTaken() {
    TargetSpacing given = TargetSpacing.of(List.of(2, 1.5, 1));

    assertThat(Planning.spacing(List.of(new Spacing(1, 1, 1)), List.of(SLICES), given))
        .isEqualTo(new Spacing(2, 1.5, 1));
  }

  @Test
  void settingsAreReadFromJson() throws IOException {
    ObjectMapper json = new ObjectMapper();

    PreprocessSettings given =
        json.readValue(
            "{\"spacing\": [3, 0.76, 0.76], \"normalization\": \"zscore\", \"affine\": \"sform\"}",
            PreprocessSettings.class);
    PreprocessSettings nothing = json.readValue("{}", PreprocessSettings.class);

    assertThat(given)
        .isEqualTo(
            new PreprocessSettings(
                TargetSpacing.of(List.of(3, 0.76, 0.76)),
                ChannelScaling.by(ChannelScaling.Rule.ZSCORE),
                AffineRule.SFORM,
                null));
    assertThat(json.readValue(json.writeValueAsString(given), PreprocessSettings.class))
        .isEqualTo(given);
    assertThat(nothing).isEqualTo(PreprocessSettings.defaults());
    assertThatThrownBy(() -> json.readValue("{\"spacing\": \"fine\"}", PreprocessSettings.class))
        .hasMessageContaining("spacing: expected auto or [z, y, x] but found fine");
    assertThatThrownBy(() -> json.readValue("{\"spacing\": [1, 0, 1]}", PreprocessSettings.class))
        .hasMessageContaining("expected three millimetre values above 0");
  }

  @Test
  void ctTakesForegroundStatisticsAndOtherModalitiesTheMask() {
    Fingerprint fingerprint =
        fingerprint(
            new Fingerprint.Intensity("CT", 9, 40, 50, List.of(-100.0, -80.0, 40.0, 200.0, 300.0)),
            new Fingerprint.Intensity("PET", 9, 4, 5, List.of(0.0, 1.0, 4.0, 8.0, 9.0)));

    PreparationPlan plan = Planning.plan(fingerprint, PreprocessSettings.defaults());

    assertThat(plan.normalization())
        .containsExactly(
            new Normalization("CT", Normalization.Scheme.CT, false, 40, 50, -80, 200),
            new Normalization("PET", Normalization.Scheme.ZSCORE, true, 0, 1, 0, 0));
    assertThat(plan.medianShape()).isEqualTo(new GridShape(10, 100, 100));
  }

  @Test
  void aPlanFixesEachChannelsNormalization() throws IOException {
    ObjectMapper json = new ObjectMapper();
    PreprocessSettings given =
        json.readValue(
            """
            {"normalization": [
              {"modality": "CT", "scheme": "ct", "mean": 83, "deviation": 137, "low": -958, "high": 326},
              {"modality": "PET", "scheme": "zscore", "masked": true}]}
            """,
            PreprocessSettings.class);
    Fingerprint.Intensity ct =
        new Fingerprint.Intensity("CT", 9, 40, 50, List.of(-100.0, -80.0, 40.0, 200.0, 300.0));
    Fingerprint.Intensity pet =
        new Fingerprint.Intensity("PET", 9, 4, 5, List.of(0.0, 1.0, 4.0, 8.0, 9.0));

    assertThat(Planning.plan(fingerprint(ct, pet), given).normalization())
        .containsExactly(
            new Normalization("CT", Normalization.Scheme.CT, false, 83, 137, -958, 326),
            new Normalization("PET", Normalization.Scheme.ZSCORE, true, 0, 1, 0, 0));
    assertThat(json.readValue(json.writeValueAsString(given), PreprocessSettings.class))
        .isEqualTo(given);
    assertThatThrownBy(() -> Planning.plan(fingerprint(pet, ct), given))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(
            "preprocess.normalization: expected an entry for each of [PET, CT], in this order, but"
                + " found [CT, PET]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"min-max\"' | expected auto, ct, zscore or a list with an entry per channel",
        "'[]' | expected auto, ct, zscore or a list",
        "'[{\"modality\": \"CT\", \"scheme\": \"ct\"}]' | expected the keys [deviation, high, low,"
            + " mean, modality, scheme] of scheme ct",
        "'[{\"modality\": \"CT\", \"scheme\": \"ct\", \"mean\": 1, \"deviation\": 1, \"low\": 5,"
            + " \"high\": 2}]' | expected low below high but found low 5.0 and high 2.0",
        "'[{\"modality\": \"CT\", \"scheme\": \"ct\", \"mean\": 1, \"deviation\": 0, \"low\": 1,"
            + " \"high\": 2}]' | deviation: expected above 0"
      })
  void anIllegalNormalizationSaysWhatWasExpected(String value, String message) {
    assertThatThrownBy(
            () ->
                new ObjectMapper()
                    .readValue("{\"normalization\": " + value + "}", PreprocessSettings.class))
        .hasMessageContaining(message);
  }

  @Test
  void ctWithoutAnyForegroundIsRefused() {
    Fingerprint fingerprint =
        fingerprint(new Fingerprint.Intensity("CT", 0, 0, 0, List.of(0.0, 0.0, 0.0, 0.0, 0.0)));

    assertThatThrownBy(() -> Planning.plan(fingerprint, PreprocessSettings.defaults()))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining("expected labelled voxels")
        .hasMessageContaining("set preprocess.normalization: zscore");
  }

  @Test
  void differencesOfTwoPlansAreNamedByTheirPath() {
    Normalization how = new Normalization("CT", Normalization.Scheme.CT, false, 40, 50, -80, 200);
    Normalization other = new Normalization("CT", Normalization.Scheme.CT, false, 41, 50, -80, 200);
    PreparationPlan before = new PreparationPlan(new Spacing(3, 1, 1), SLICES, List.of(how));
    PreparationPlan after = new PreparationPlan(new Spacing(3, 2, 1), SLICES, List.of(other));

    assertThat(DatasetAnalysis.differences(before, after))
        .containsExactly(
            "normalization[0].mean: 40.0 -> 41.0", "spacing: [3.0,1.0,1.0] -> [3.0,2.0,1.0]");
    assertThat(DatasetAnalysis.differences(before, before)).isEmpty();
  }

  private static Fingerprint fingerprint(Fingerprint.Intensity... channels) {
    Fingerprint.Scan scan =
        new Fingerprint.Scan(
            "a", new GridShape(20, 200, 200), new GridShape(10, 100, 100), new Spacing(2, 1, 1));
    return new Fingerprint(List.of(scan), List.of(channels), new TreeMap<>());
  }
}
