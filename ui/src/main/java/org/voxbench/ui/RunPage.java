package org.voxbench.ui;

import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of one run: where it stands, its curves, its scores, what it was asked and what it left.
 */
final class RunPage {

  private final Frame frame;
  private final InstantSource clock;

  RunPage(Frame frame, InstantSource clock) {
    this.frame = frame;
    this.clock = clock;
  }

  /**
   * @param measure key of the measure to show in the score table; unknown or null shows the first
   */
  String draw(RunDetails run, Optional<ScoreTable> scores, @Nullable String measure) {
    RunRow row = run.row();
    return frame.page(
        Format.state(row.state()) + " · " + row.experiment(),
        row.state().isLive() ? Frame.Refresh.FAST : Frame.Refresh.NEVER,
        true,
        html -> {
          head(html, run);
          advice(html, run);
          html.open("div", "class", "columns");
          StepsSection.draw(html, run.steps());
          curves(html, row);
          html.close();
          html.open("div", "id", "scores-part", "data-part", "");
          scores.ifPresent(table -> ScoresSection.draw(html, row.id(), table, measure));
          html.close();
          RecordSections.draw(html, run);
        });
  }

  private void head(Html html, RunDetails run) {
    RunRow row = run.row();
    html.open("nav", "class", "crumbs", "aria-label", "Breadcrumb");
    html.leaf("a", "Runs", "href", "/", "id", "up").text(" / ").leaf("span", row.id()).close();
    html.open("div", "class", "run-head", "id", "run-head", "data-part", "");
    html.open("div").open("div", "class", "titled-left").leaf("h1", row.experiment());
    Frame.pill(html, Icon.of(row.state()), row.state());
    html.close().open("p", "class", "facts");
    fact(html, row.started() == null ? "Queued" : "Started");
    Frame.time(html, row.started() == null ? row.queued() : row.started());
    html.close();
    if (row.started() != null) {
      fact(html, row.ended() == null ? "Running for" : "Took");
      html.text(RunListPage.duration(row, clock.instant())).close();
    }
    html.close().close().open("div", "class", "outcome");
    if (row.diceMean() != null) {
      html.open("p", "class", "headline").leaf("span", "Mean Dice");
      html.leaf("strong", Format.share(row.diceMean())).close();
    }
    report(html, run);
    html.close().close();
  }

  private static void fact(Html html, String name) {
    html.open("span").leaf("span", name + " ", "class", "muted");
  }

  private static void report(Html html, RunDetails run) {
    run.files().stream()
        .filter(file -> file.path().toLowerCase(Locale.ROOT).endsWith(".html"))
        .findFirst()
        .ifPresent(
            file -> {
              html.open(
                  "a",
                  "class",
                  "button",
                  "id",
                  "open-report",
                  "href",
                  Address.file(run.row().id(), file.path()));
              html.text("Open report").icon(Icon.ARROW).close();
            });
  }

  private static void advice(Html html, RunDetails run) {
    RunRow row = run.row();
    html.open("div", "id", "advice", "data-part", "");
    String sentence =
        switch (row.state()) {
          case FAILED ->
              "This run failed. Mend the cause named on this page, then go on from the last finished"
                  + " work:";
          case STOPPED -> "This run was stopped. Nothing finished is lost; go on with:";
          case LOST -> "The process that ran this died. Nothing finished is lost; go on with:";
          case CANCELLED -> "This run was cancelled. Nothing finished is lost; go on with:";
          case PARKED -> "The workers of this run died again and again. Mend the cause, then:";
          default -> null;
        };
    if (sentence != null) {
      html.open("div", "class", "callout " + RunListPage.key(row.state()));
      cause(html, run);
      html.leaf("p", sentence);
      Frame.command(html, "./voxbench resume " + row.id());
      html.close();
    }
    html.close();
  }

  /** What the run says, unless one of its steps says it already. */
  private static void cause(Html html, RunDetails run) {
    String message = run.message();
    if (message != null && run.steps().stream().noneMatch(step -> message.equals(step.message()))) {
      html.leaf("p", message, "class", "message", "id", "message");
    }
  }

  private static void curves(Html html, RunRow row) {
    html.open(
        "section",
        "class",
        "card",
        "id",
        "curves",
        "aria-labelledby",
        "curves-title",
        "data-curves",
        Address.data(row.id()) + "/curves");
    html.open("div", "class", "titled").leaf("h2", "Curves", "id", "curves-title");
    html.open("label", "class", "switch");
    html.lone("input", "type", "checkbox", "id", "log-scale").text("Log scale").close();
    html.close();
    html.open("div", "id", "charts", "class", "charts").close();
    html.leaf(
        "p",
        row.state().isLive()
            ? "No curves yet. They are drawn while the run trains."
            : "No curves: this run did not train.",
        "class",
        "none",
        "id",
        "no-curves",
        "hidden",
        "");
    html.open("noscript")
        .open("p", "class", "none")
        .text("Drawing curves needs JavaScript. Their ");
    html.leaf("a", "figures", "href", Address.data(row.id()) + "/curves").text(" do not.");
    html.close().close().close();
  }
}
