package org.voxbench.steps.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voxbench.steps.evaluate.Overall;
import org.voxbench.steps.evaluate.Scores;
import org.voxbench.steps.evaluate.StructureSummary;

/** The report as JSON for other programs; the scores of single cases are in scores.json. */
record ReportData(
    @JsonProperty("name") String name,
    @JsonProperty("dataset") String dataset,
    @JsonProperty("summary") Summary summary,
    @JsonProperty("classes") List<StructureSummary> classes,
    @JsonProperty("policy") List<String> policy,
    @JsonProperty("worstCases") Map<String, String> worstCases,
    @JsonProperty("lastEpoch") Map<String, Double> lastEpoch,
    @JsonProperty("network") Map<String, String> network) {

  /**
   * The headline.
   *
   * @param machineryOnly whether the cases that were scored are those that were learnt
   * @param quarantine the cases that were set aside
   */
  record Summary(
      @JsonProperty("split") String split,
      @JsonProperty("machineryOnly") boolean machineryOnly,
      @JsonProperty("cases") Scores.CaseCounts cases,
      @JsonProperty("quarantine") Quarantined quarantine,
      @JsonProperty("published") Overall published,
      @JsonProperty("all") Overall all) {}

  static byte[] render(Content content) throws JsonProcessingException {
    Scores scores = content.scores();
    Map<String, String> worst = new LinkedHashMap<>();
    content.worst().forEach(one -> worst.put(one.name(), one.sentence()));
    Map<String, Double> last = new LinkedHashMap<>();
    content
        .history()
        .columns()
        .forEach(
            (name, values) -> {
              if (values.length > 0 && Double.isFinite(values[values.length - 1])) {
                last.put(name, values[values.length - 1]);
              }
            });
    Summary summary =
        new Summary(
            scores.split(),
            content.checksMachineryOnly(),
            scores.counts(),
            content.quarantined(),
            scores.published(),
            scores.all());
    ReportData data =
        new ReportData(
            content.name(),
            content.dataset(),
            summary,
            scores.structures(),
            scores.policy(),
            worst,
            last,
            content.network());
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsBytes(data);
  }
}
