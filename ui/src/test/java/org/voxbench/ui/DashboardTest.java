package org.voxbench.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {

  private final TestServer server = new TestServer();
  private final ObjectMapper json = new ObjectMapper();

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode data(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    return json.readTree(answer.body());
  }

  private void fill(int runs) {
    for (int i = 0; i < runs; i++) {
      RunRow.State state = i % 10 == 0 ? RunRow.State.FAILED : RunRow.State.SUCCEEDED;
      String id = String.format("run-%05d", i);
      String name = i % 2 == 0 ? "synapse" : "acdc";
      server.feed.put(
          Samples.details(
              Samples.row(id, name, state, Samples.NOON.plusSeconds(i)), Samples.steps()));
    }
  }

  /**
   * Seconds of the quickest of a few times: what the work costs, not what else the machine does.
   */
  private static double quickest(Callable<?> work) throws Exception {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 6; i++) {
      long before = System.nanoTime();
      work.call();
      best = Math.min(best, (System.nanoTime() - before) / 1e9);
    }
    return best;
  }

  @Test
  void anEmptyHomeShowsHowToStartARun() throws Exception {
    assertThat(server.get("/").body())
        .contains("No runs yet", "./voxbench run configs/experiments/quickstart.yaml");
  }

  @Test
  void runsAreListedNewestFirstPageByPage() throws Exception {
    fill(120);
    String first = server.get("/").body();
    assertThat(first).contains("run-00119", "run-00070", "1 to 50 of 120");
    assertThat(first).doesNotContain("run-00069");
    assertThat(first.indexOf("run-00119")).isLessThan(first.indexOf("run-00118"));
    assertThat(first).contains("href=\"/?offset=50\"");
    assertThat(server.get("/?offset=100").body())
        .contains("101 to 120 of 120", "run-00000", "href=\"/?offset=50\"");
  }

  @Test
  void filterAndSearchGoTogether() throws Exception {
    fill(40);
    String page = server.get("/?state=failed&q=syn").body();
    assertThat(page).contains("run-00030", "run-00000").doesNotContain("run-00001", "acdc");
    assertThat(page).contains("href=\"/?q=syn\"", "href=\"/?state=succeeded&amp;q=syn\"");
    assertThat(server.get("/?q=nowhere").body()).contains("No run matches");
  }

  @Test
  void tenThousandRunsAnswerQuickly() throws Exception {
    fill(10_000);
    assertThat(
            quickest(
                () ->
                    assertThat(server.get("/?offset=5000").body())
                        .contains("5001 to 5050 of 10\u202f000")))
        .isLessThan(1);
  }

  @Test
  void aRunShowsItsStepsScoresFilesAndConfiguration() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    server.feed.scores("run-1", Samples.scores());
    String page = server.get("/runs/run-1").body();
    assertThat(page)
        .contains("<h1>quickstart</h1>", "Mean Dice", "0.934", "3 min 59 s", "reused")
        .contains("same configuration and inputs as run quickstart-20260301-091500")
        .contains("href=\"/runs/run-1/files/report/report.html\"", "81 kB")
        .contains("train.optimizer.learningRate", "Run in MLflow", "validation Dice 0.927")
        .contains("phantom_09", "0.350", "missing from one counts as 0");
    Samples.STEPS.forEach(step -> assertThat(page).contains("id=\"step-" + step + "\""));
    assertThat(server.get("/runs/run-1?measure=hd95").body()).contains("8.35", "Lower is better");
    assertThat(server.get("/runs/run-1?measure=nonsense").body()).contains("Higher is better");
  }

  @Test
  void aRunThatDidNotSucceedSaysHowToGoOn() throws Exception {
    for (RunRow.State state : RunRow.State.values()) {
      String id = "run-" + state;
      server.feed.put(Samples.details(Samples.row(id, "x", state, Samples.NOON), Samples.steps()));
      boolean broken = !state.isLive() && state != RunRow.State.SUCCEEDED;
      String page = server.get("/runs/" + id).body();
      assertThat(page.contains("./voxbench resume " + id)).as(id).isEqualTo(broken);
      assertThat(page.contains("data-refresh")).as(id).isEqualTo(state.isLive());
    }
  }

  @Test
  void aRunThatWasStoppedSaysWhyOnce() throws Exception {
    String full = "the disk is full: make room";
    RunRow row = Samples.row("r", "e", RunRow.State.STOPPED, Samples.NOON);
    server.feed.put(stopped(row, full, Samples.steps(Samples.succeeded("download", 1))));
    assertThat(server.get("/runs/r").body()).containsOnlyOnce(full).doesNotContain("No curves yet");
    server.feed.put(stopped(row, full, Samples.steps(Samples.failed("download", full))));
    assertThat(server.get("/runs/r").body()).containsOnlyOnce(full);
  }

  private static RunDetails stopped(RunRow row, String message, List<StepRow> steps) {
    return new RunDetails(row, message, steps, Map.of(), Map.of(), List.of(), List.of(), List.of());
  }

  @Test
  void whatPeopleWriteIsEscapedEverywhere() throws Exception {
    String evil = "\"><script>alert('x')</script>";
    RunRow row = Samples.row(evil, evil, RunRow.State.FAILED, Samples.NOON);
    StepRow step = new StepRow("train", StepRow.State.FAILED, 1, 1.0, false, evil, null, evil);
    server.feed.put(
        new RunDetails(
            row,
            "stopped because of " + evil,
            List.of(step),
            Map.of(evil, 1.0),
            Map.of(evil, evil),
            List.of(new RunDetails.Note(Samples.NOON, evil, evil)),
            List.of(new RunDetails.RunFile(evil, evil, 1)),
            List.of(new RunDetails.Link(evil, "/" + evil))));
    server.feed.scores(
        evil,
        new ScoreTable(
            List.of(new ScoreTable.Measure(evil, evil, evil, true)),
            List.of(evil),
            List.of(new ScoreTable.Score(evil, evil, Map.of(evil, 1.0))),
            List.of(),
            evil));
    String address = Address.run(evil);
    for (String path :
        List.of(
            "/",
            address,
            "/?q=" + Address.encoded(evil),
            "/runs/" + Address.encoded(evil + 1),
            address + "/files/" + Address.encoded(evil + 2),
            "/" + Address.encoded(evil),
            "/?state=" + Address.encoded(evil))) {
      String page = server.get(path).body();
      assertThat(page).as(path).contains("<!doctype html>").doesNotContain("<script>alert");
    }
    assertThat(server.get(address).body()).contains("&lt;script&gt;alert(&#39;x&#39;)");
  }

  @Test
  void everyPageForbidsWhatItDoesNotNeed() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    for (String path :
        List.of("/", "/runs/run-1", "/runs/none", "/nowhere", "/api/runs", "/?limit=x")) {
      HttpResponse<String> answer = server.get(path);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(answer.body()).as(path).doesNotContain(" style=", " onclick=", "<style");
    }
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    Matcher matcher =
        Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(server.get("/runs/run-1").body());
    List<String> assets = new ArrayList<>();
    while (matcher.find()) {
      String address = matcher.group(1).replace("&amp;", "&");
      assertThat(address).matches("(/|#).*|http://localhost:5000/.*");
      if (address.startsWith("/assets/")) {
        assets.add(address);
      }
    }
    assertThat(assets).hasSize(6);
    for (String asset : assets) {
      HttpResponse<String> answer = server.get(asset);
      assertThat(answer.statusCode()).as(asset).isEqualTo(200);
      assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    }
  }

  @Test
  void anUnknownRunSaysWhatToDo() throws Exception {
    HttpResponse<String> page = server.get("/runs/nobody");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("No run has the id nobody", "--home", "href=\"/\"");
    for (String path : List.of("", "/curves", "/scores")) {
      HttpResponse<String> data = server.get("/api/runs/nobody" + path);
      assertThat(data.statusCode()).isEqualTo(404);
      assertThat(json.readTree(data.body()).get("message").asText()).contains("nobody");
    }
  }

  @Test
  void aQueryThatCannotBeReadIsNamed() throws Exception {
    HttpResponse<String> data = server.get("/api/runs?limit=501");
    assertThat(data.statusCode()).isEqualTo(400);
    assertThat(data.body()).contains("limit: expected a whole number from 1 to 500 but found 501");
    assertThat(server.get("/?offset=-1").body()).contains("offset: expected");
    assertThat(server.get("/?state=dead").body()).contains("found dead").contains("succeeded");
  }

  @Test
  void aPageThatStayedTheSameCostsNothing() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    String tag = server.get("/runs/run-1").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = server.get("/runs/run-1", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void theDataHoldsWhatThePagesShow() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    server.feed.scores("run-1", Samples.scores());
    JsonNode runs = data("/api/runs");
    assertThat(runs.get("total").asInt()).isEqualTo(1);
    assertThat(runs.at("/runs/0/queued").asText()).isEqualTo("2026-03-02T12:00:00Z");
    JsonNode run = data("/api/runs/run-1");
    assertThat(run.at("/run/state").asText()).isEqualTo("SUCCEEDED");
    assertThat(run.at("/steps/0/reused").asBoolean()).isTrue();
    assertThat(run.at("/metrics/dice.mean").asDouble()).isEqualTo(0.934);
    JsonNode scores = data("/api/runs/run-1/scores");
    assertThat(scores.at("/scores/0/values/dice").asDouble()).isEqualTo(0.971);
    assertThat(scores.get("scores")).hasSize(12);
  }

  @Test
  void longCurvesAreThinnedAndGapsAreNull() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      points.add(new Point(i, Math.sin(i / 500.0)));
    }
    server.feed.curves(
        "run-1",
        List.of(
            new Curve("train.loss", points),
            new Curve("gap", List.of(new Point(0, Double.NaN), new Point(1, 2)))));
    JsonNode curves = data("/api/runs/run-1/curves").get("curves");
    assertThat(curves.at("/0/total").asInt()).isEqualTo(20_000);
    assertThat(curves.at("/0/points")).hasSize(600);
    assertThat(curves.at("/1/points/0/1").isNull()).isTrue();
    assertThat(data("/api/runs/run-1/curves?points=50").at("/curves/0/points")).hasSize(50);
  }

  @Test
  void aMillionPointsAnswerQuickly() throws Exception {
    server.feed.put(Samples.finished("run-1"));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      points.add(new Point(i, Math.sin(i / 5000.0)));
    }
    server.feed.curves("run-1", List.of(new Curve("train.loss", points)));
    assertThat(
            quickest(
                () ->
                    assertThat(data("/api/runs/run-1/curves").at("/curves/0/points")).hasSize(600)))
        .isLessThan(1);
  }

  @Test
  void onlyListedFilesAreServedAndTheReportCannotRunCode(@TempDir Path folder) throws Exception {
    Path report = Files.writeString(folder.resolve("report.html"), "<h1>Report</h1>");
    Path weights = Files.write(folder.resolve("model.safetensors"), new byte[] {1, 2, 3});
    server.feed.put(Samples.finished("run-1"));
    server.feed.file("run-1", "report/report.html", report);
    server.feed.file("run-1", "checkpoint/model.safetensors", weights);
    server.feed.file("run-1", "secret.txt", report);
    HttpResponse<String> shown = server.get("/runs/run-1/files/report/report.html");
    assertThat(shown.body()).isEqualTo("<h1>Report</h1>");
    assertThat(shown.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("sandbox", "default-src 'none'")
        .doesNotContain("script");
    HttpResponse<String> saved = server.get("/runs/run-1/files/checkpoint/model.safetensors");
    assertThat(saved.headers().firstValue("Content-Disposition").orElse(""))
        .contains("attachment", "model.safetensors");
    assertThat(saved.body()).hasSize(3);
    for (String path :
        List.of("secret.txt", "report/report.md", "../../token", "%2e%2e/token", "report/")) {
      HttpResponse<String> refused = server.get("/runs/run-1/files/" + path);
      assertThat(refused.statusCode()).as(path).isEqualTo(404);
    }
  }
}
