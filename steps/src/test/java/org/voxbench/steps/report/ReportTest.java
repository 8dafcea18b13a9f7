package org.voxbench.steps.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.evaluate.EvaluatedBoxes;
import org.xml.sax.InputSource;

final class ReportTest {

  private Path home;
  private EvaluatedBoxes boxes;

  @BeforeEach
  void evaluate(@TempDir Path folder) throws IOException {
    home = folder;
    boxes = new EvaluatedBoxes(folder);
    Path train = Files.createDirectories(folder.resolve("train"));
    Files.writeString(
        train.resolve("history.csv"),
        """
        epoch,iterations,learning_rate,train_loss,validation_loss,validation_dice,validation_average
        1,50,0.002,0.9,0.8,NaN,NaN
        2,100,0.0015,0.4,0.5,0.71,0.71
        3,150,0.001,0.2,,0.81,0.72
        4,200,0.0005,0.1,0.4,0.9
        """);
    Files.writeString(
        folder.resolve("network.json"),
        "{\"network\": {\"classes\": 3, \"patch\": [4, 8, 8]}, \"modalities\": [\"CT\"]}");
  }

  @Test
  void thePageHasTheTablesThePolicyTheCurvesAndThePictures() throws IOException {
    StepResult result = report("experiment", "boxes");
    assertThat(result.metrics()).containsKeys("dice.mean", "hd95.mean");
    assertThat(result.artifacts())
        .containsExactly("report.html", "report.md", "report.json", "scores.csv");
    String page = Files.readString(home.resolve("report/report.html"));
    assertThat(page)
        .contains("<title>experiment on boxes")
        .contains("stays in the denominator")
        .contains("<td>left box</td><td>yes</td><td>3</td><td>0.5000 ± 0.5000</td>")
        .contains("lost (failed)")
        .contains("aria-label=\"loss\"")
        .contains("aria-label=\"validation Dice\"")
        .contains("HD95 as published (voxels)")
        .contains("<td>network.patch</td><td>[4,8,8]</td>");
    List<BufferedImage> pictures = pictures(page);
    assertThat(pictures).hasSize(6);
    // 12 rows of 1 mm and 14 columns of 1.5 mm: to scale, the longer side is 300 pixels
    assertThat(pictures.get(0).getWidth()).isEqualTo(300);
    assertThat(pictures.get(0).getHeight()).isEqualTo(171);
  }

  @Test
  void aSplitOfTheSameCasesIsSaidAtTheTopOfEveryForm() throws IOException {
    report("experiment", "boxes");
    String sentence =
        "Fitted and evaluated on the same scans: a check of the machinery, not of generalisation.";
    String page = Files.readString(home.resolve("report/report.html"));
    assertThat(page.indexOf(sentence)).isPositive().isLessThan(page.indexOf("<table"));
    assertThat(Files.readString(home.resolve("report/report.md")))
        .startsWith("# experiment on boxes\n\n> **" + sentence);
    JsonNode data = new ObjectMapper().readTree(home.resolve("report/report.json").toFile());
    assertThat(data.at("/summary/machineryOnly").asBoolean()).isTrue();
    assertThat(data.at("/summary/cases/failed").asInt()).isEqualTo(1);
    assertThat(data.at("/lastEpoch/validation_dice").asDouble()).isEqualTo(0.81);
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndEscapesWhatItIsGiven() throws IOException {
    report("<script>alert('x')</script>", "a & \"b\" | c");
    String page = Files.readString(home.resolve("report/report.html"));
    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; on a &amp; &quot;b&quot; | c")
        .doesNotContainPattern("(src|href)=\"(?!data:image/png;base64,)")
        .doesNotContain("http://")
        .doesNotContain("https://")
        .doesNotContain(home.toString());
    assertThat(Files.readString(home.resolve("report/report.md"))).doesNotContain("<script>");
  }

  @Test
  void theCurvesAreWellFormedAndEndBeforeADamagedRow() throws Exception {
    History history = History.read(home.resolve("train"));
    assertThat(history.columns().get("epoch")).containsExactly(1, 2, 3);
    assertThat(history.plots()).hasSize(3);
    for (Plot plot : history.plots()) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(plot.svg())));
      assertThat(plot.svg()).doesNotContain("NaN");
    }
  }

  @Test
  void aRunWithoutHistoryStillGivesAReport() throws IOException {
    Files.delete(home.resolve("train/history.csv"));
    Files.delete(home.resolve("network.json"));
    report("experiment", "boxes");
    assertThat(Files.readString(home.resolve("report/report.html")))
        .contains("The training left no history.");
  }

  @Test
  void theSameInputsGiveTheSameFiles() throws IOException {
    report("experiment", "boxes");
    byte[] first = Files.readAllBytes(home.resolve("report/report.html"));
    report("experiment", "boxes");
    assertThat(home.resolve("report/report.html")).hasBinaryContent(first);
    assertThat(home.resolve("report/scores.csv"))
        .hasSameBinaryContentAs(home.resolve("evaluate/scores.csv"));
  }

  @Test
  void outlinesOfTruthAndPredictionAreDrawnInTheirColours() throws IOException {
    report("experiment", "boxes");
    BufferedImage picture = pictures(Files.readString(home.resolve("report/report.html"))).get(0);
    int truth = 0;
    int prediction = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int colour = picture.getRGB(x, y) & 0xffffff;
        truth += colour == SlicePicture.TRUTH ? 1 : 0;
        prediction += colour == SlicePicture.PREDICTION ? 1 : 0;
      }
    }
    assertThat(truth).isGreaterThan(100);
    assertThat(prediction).isGreaterThan(100);
  }

  private StepResult report(String name, String dataset) throws IOException {
    return new Report()
        .run(new Report.Request(name, dataset), boxes.contextForReport(home.resolve("report")));
  }

  private static List<BufferedImage> pictures(String page) throws IOException {
    List<BufferedImage> pictures = new ArrayList<>();
    Matcher matcher = Pattern.compile("data:image/png;base64,([A-Za-z0-9+/=]+)").matcher(page);
    while (matcher.find()) {
      byte[] png = Base64.getDecoder().decode(matcher.group(1));
      pictures.add(ImageIO.read(new ByteArrayInputStream(png)));
    }
    return pictures;
  }
}
