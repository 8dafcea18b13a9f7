package org.voxbench.steps.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.evaluate.ScoreTable;
import org.voxbench.steps.evaluate.Scores;

/**
 * Writes {@code report.html} (one self-contained page), {@code report.md}, {@code scores.csv} and
 * {@code report.json} from the scores, the training's history and the network's description.
 */
public final class Report implements Step<Report.Request> {

  private static final String PAGE = "report.html";
  private static final String MARKDOWN = "report.md";
  private static final String DATA = "report.json";

  /**
   * What stands at the top of the report.
   *
   * @param name the experiment
   * @param dataset the dataset
   */
  public record Request(
      @JsonProperty("name") String name, @JsonProperty("dataset") @Nullable String dataset) {}

  @Override
  public StepName name() {
    return StepName.REPORT;
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Class<Request> requestType() {
    return Request.class;
  }

  @Override
  public Set<StepName> inputs() {
    return Set.of(
        StepName.DOWNLOAD,
        StepName.PREPROCESS,
        StepName.TRAIN,
        StepName.CHECKPOINT,
        StepName.EVALUATE);
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    return FullDisk.explained(name(), context, () -> work(request, context));
  }

  private StepResult work(Request request, StepContext context) throws IOException {
    Path evaluated = context.input(StepName.EVALUATE);
    Scores scores = Scores.read(evaluated);
    context.stop().check();
    Content content =
        new Content(
            request.name(),
            request.dataset() == null ? "" : request.dataset(),
            scores,
            History.read(context.input(StepName.TRAIN)),
            Facts.read(context.input(StepName.CHECKPOINT)),
            new WorstCases(context).find(scores),
            Quarantined.read(context, scores));
    context.stop().check();
    write(context.output().resolve(PAGE), ReportPage.render(content));
    write(context.output().resolve(MARKDOWN), ReportMarkdown.render(content));
    AtomicFiles.write(context.output().resolve(DATA), ReportData.render(content));
    AtomicFiles.write(
        context.output().resolve(ScoreTable.FILE),
        out -> Files.copy(evaluated.resolve(ScoreTable.FILE), out));
    context.listener().progress("pages", 1, 1);
    return new StepResult(metrics(scores), List.of(PAGE, MARKDOWN, DATA, ScoreTable.FILE));
  }

  private static Map<String, Double> metrics(Scores scores) {
    Map<String, Double> metrics = new TreeMap<>();
    Double dice = scores.published().dice();
    if (dice != null) {
      metrics.put("dice.mean", dice);
    }
    Double hd95 = scores.published().hd95();
    if (hd95 != null) {
      metrics.put("hd95.mean", hd95);
    }
    return metrics;
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
