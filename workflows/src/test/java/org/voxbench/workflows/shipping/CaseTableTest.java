package org.voxbench.workflows.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.workflows.Json;

/** Scores by case in the form that {@code mlflow.load_table} reads. */
class CaseTableTest {

  @Test
  void numbersAreNumbersWhatIsMissingIsNullAndTextStaysText(@TempDir Path folder) throws Exception {
    Path scores = folder.resolve("scores.csv");
    Files.writeString(
        scores,
        """
        case,structure,dice,hd95
        p_002,liver,0.5,1e-3
        "p,003","the ""left"" kidney",NaN,
        """);
    CaseTable.write(scores, folder.resolve("cases.json"));
    JsonNode table = Json.MAPPER.readTree(folder.resolve("cases.json").toFile());
    assertThat(table.path("columns").toString())
        .isEqualTo("[\"case\",\"structure\",\"dice\",\"hd95\"]");
    assertThat(table.path("data").toString())
        .isEqualTo(
            "[[\"p_002\",\"liver\",0.5,0.001],[\"p,003\",\"the \\\"left\\\" kidney\",null,null]]");
    assertThat(CaseTable.column(scores, "case")).containsExactly("p,003", "p_002");
    assertThat(CaseTable.column(scores, "nothing")).isEmpty();
  }
}
