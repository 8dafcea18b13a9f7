package org.voxbench.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs such as the quickstart makes them, for tests and for looking at the pages. */
final class Samples {

  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  static final List<String> STEPS =
      List.of("download", "preprocess", "train", "checkpoint", "evaluate", "report");

  private Samples() {}

  static RunRow row(String id, String experiment, RunRow.State state, Instant queued) {
    boolean begun = state != RunRow.State.QUEUED;
    boolean done = !state.isLive();
    return new RunRow(
        id,
        experiment,
        state,
        queued,
        begun ? queued.plusSeconds(2) : null,
        done ? queued.plusSeconds(241) : null,
        state == RunRow.State.SUCCEEDED ? 0.934 : null,
        state == RunRow.State.RUNNING ? "train 120 of 300 iterations" : null);
  }

  static StepRow pending(String name) {
    return new StepRow(name, StepRow.State.QUEUED, 0, null, false, null, null, null);
  }

  static StepRow succeeded(String name, double seconds) {
    return new StepRow(
        name,
        StepRow.State.SUCCEEDED,
        1,
        seconds,
        false,
        "ran: first time with this configuration",
        null,
        null);
  }

  static StepRow reused(String name) {
    return new StepRow(
        name,
        StepRow.State.SUCCEEDED,
        1,
        null,
        true,
        "same configuration and inputs as run quickstart-20260301-091500",
        null,
        null);
  }

  static StepRow running(String name, long done, long total, @Nullable Duration left) {
    return new StepRow(
        name,
        StepRow.State.RUNNING,
        2,
        48.3,
        false,
        "ran: optimizer.learningRate 0.01 -> 0.002",
        new StepRow.Progress("iterations", done, total, left),
        "Went on from the checkpoint at iteration 100.");
  }

  static StepRow failed(String name, String message) {
    return new StepRow(name, StepRow.State.FAILED, 3, 12.0, false, null, null, message);
  }

  static List<StepRow> steps(StepRow... first) {
    List<StepRow> steps = new ArrayList<>(List.of(first));
    STEPS.stream().skip(first.length).map(Samples::pending).forEach(steps::add);
    return steps;
  }

  static RunDetails details(RunRow row, List<StepRow> steps) {
    return new RunDetails(row, null, steps, Map.of(), params(), List.of(), List.of(), List.of());
  }

  static RunDetails finished(String id) {
    RunRow row = row(id, "quickstart", RunRow.State.SUCCEEDED, NOON);
    List<StepRow> steps =
        List.of(
            reused("download"),
            reused("preprocess"),
            succeeded("train", 188.2),
            succeeded("checkpoint", 0.7),
            succeeded("evaluate", 41.6),
            succeeded("report", 1.1));
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("dice.mean", 0.934);
    metrics.put("hd95.mean", 3.871);
    metrics.put("train.loss", 0.21375);
    metrics.put("train.parameters", 1_684_210.0);
    return new RunDetails(
        row,
        null,
        steps,
        metrics,
        params(),
        List.of(
            new RunDetails.Note(
                NOON.plusSeconds(3),
                "preprocess",
                "Spacing 2.5 x 1.5 x 1.5 mm: the median of the training cases."),
            new RunDetails.Note(
                NOON.plusSeconds(9), "train", "Computes in bfloat16: this processor has AMX."),
            new RunDetails.Note(
                NOON.plusSeconds(197),
                "checkpoint",
                "Published the best checkpoint, iteration 275, validation Dice 0.927.")),
        List.of(
            new RunDetails.RunFile("report/report.html", "Report", 81_204),
            new RunDetails.RunFile("report/report.md", null, 4_310),
            new RunDetails.RunFile("report/scores.csv", null, 1_022),
            new RunDetails.RunFile("checkpoint/model.safetensors", "Weights", 6_740_112)),
        List.of(new RunDetails.Link("Run in MLflow", "http://localhost:5000/#/runs/7")));
  }

  static Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("seed", "20");
    params.put("dataset.name", "phantom-ct");
    params.put("dataset.source.kind", "phantom");
    params.put("dataset.source.cases", "10");
    params.put("preprocess.spacing", "auto");
    params.put("train.network.variant", "nano");
    params.put("train.epochs", "6");
    params.put("train.iterationsPerEpoch", "50");
    params.put("train.batch", "2");
    params.put("train.optimizer.kind", "adamw");
    params.put("train.optimizer.learningRate", "0.002");
    params.put("train.schedule.kind", "poly");
    params.put("train.schedule.warmup", "50");
    params.put("evaluate.overlap", "0.5");
    params.put("evaluate.mirror", "false");
    return params;
  }

  static List<Curve> curves(int iterations) {
    Random random = new Random(7);
    List<Point> loss = new ArrayList<>();
    List<Point> rate = new ArrayList<>();
    for (int i = 1; i <= iterations; i++) {
      double gone = i / 300.0;
      loss.add(new Point(i, 0.18 + 1.6 * Math.exp(-5 * gone) + 0.09 * random.nextDouble()));
      rate.add(new Point(i, 0.002 * Math.min(1, i / 50.0) * Math.pow(Math.max(0, 1 - gone), 0.9)));
    }
    List<Curve> curves = new ArrayList<>(List.of(new Curve("train.loss", loss)));
    curves.add(new Curve("train.learningRate", rate));
    List<Point> mean = new ArrayList<>();
    for (int epoch = 50; epoch <= iterations; epoch += 50) {
      mean.add(new Point(epoch, 0.95 - 0.8 * Math.exp(-epoch / 80.0)));
    }
    curves.add(new Curve("validate.dice", mean));
    double lag = 1;
    for (String organ : List.of("liver", "spleen", "kidney", "aorta", "vessel")) {
      List<Point> dice = new ArrayList<>();
      for (int epoch = 50; epoch <= iterations; epoch += 50) {
        dice.add(new Point(epoch, 0.97 - 0.04 * lag - 0.85 * Math.exp(-epoch / (60.0 + 20 * lag))));
      }
      lag++;
      curves.add(new Curve("validate.dice." + organ, dice));
    }
    return curves;
  }

  static ScoreTable scores() {
    List<String> columns = List.of("liver", "spleen", "kidney", "aorta", "vessel", "mean");
    List<ScoreTable.Score> cells = new ArrayList<>();
    double[][] dice = {
      {0.971, 0.952, 0.944, 0.921, 0.883, 0.934}, {0.968, 0.947, 0.951, 0.35, 0.871, 0.8174}
    };
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < columns.size(); column++) {
        Map<String, Double> values =
            row == 1 && column == 4
                ? Map.of("dice", dice[row][column])
                : Map.of("dice", dice[row][column], "hd95", 2.5 + 9 * (1 - dice[row][column]));
        cells.add(new ScoreTable.Score("phantom_0" + (9 + row), columns.get(column), values));
      }
    }
    List<ScoreTable.Score> summary = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      double mean = (dice[0][column] + dice[1][column]) / 2;
      summary.add(
          new ScoreTable.Score(
              "mean", columns.get(column), Map.of("dice", mean, "hd95", 2.5 + 9 * (1 - mean))));
    }
    return new ScoreTable(
        List.of(
            new ScoreTable.Measure("dice", "Dice", "", true),
            new ScoreTable.Measure("hd95", "HD95", "mm", false)),
        columns,
        cells,
        summary,
        "A class missing from both masks is left out of the means; missing from one counts as 0.");
  }
}
