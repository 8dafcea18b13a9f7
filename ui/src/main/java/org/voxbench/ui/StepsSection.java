package org.voxbench.ui;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The steps of a run as a line of stations. */
final class StepsSection {

  private StepsSection() {}

  static void draw(Html html, List<StepRow> steps) {
    html.open(
        "section",
        "class",
        "card",
        "id",
        "steps",
        "data-part",
        "",
        "aria-labelledby",
        "steps-title");
    html.leaf("h2", "Steps", "id", "steps-title");
    html.open("ol", "class", "steps");
    steps.forEach(step -> step(html, step));
    html.close().close();
  }

  private static void step(Html html, StepRow step) {
    String state = step.state().name().toLowerCase(Locale.ROOT);
    html.open(
        "li",
        "class",
        "step " + state,
        "id",
        "step-" + step.name(),
        "aria-current",
        step.state() == StepRow.State.RUNNING ? "step" : null);
    html.icon(Icon.of(step.state())).open("div").open("div", "class", "step-line");
    html.leaf("h3", step.name()).leaf("span", state, "class", "state");
    if (step.reused()) {
      html.leaf("span", "reused", "class", "badge", "title", "Taken over from an earlier run");
    }
    if (step.attempt() > 1) {
      html.leaf("span", "attempt " + step.attempt(), "class", "badge plain");
    }
    Double seconds = step.seconds();
    html.leaf(
        "span", seconds == null ? "" : Format.duration(Format.seconds(seconds)), "class", "spent");
    html.close();
    progress(html, step.name(), step.progress());
    if (step.message() != null) {
      html.leaf("p", step.message(), "class", "message");
    }
    if (step.reason() != null) {
      html.leaf("p", step.reason(), "class", "reason");
    }
    html.close().close();
  }

  private static void progress(Html html, String step, StepRow.@Nullable Progress progress) {
    if (progress == null) {
      return;
    }
    long total = Math.max(1, progress.total());
    long done = Math.max(0, Math.min(progress.done(), total));
    html.leaf(
        "progress",
        "",
        "max",
        Long.toString(total),
        "value",
        Long.toString(done),
        "aria-label",
        "Progress of " + step);
    html.open("p", "class", "progress-line");
    html.leaf("span", Format.count(done) + " of " + Format.count(total) + " " + progress.task());
    if (progress.remaining() != null) {
      html.leaf("span", Format.remaining(progress.remaining()), "class", "remaining");
    }
    html.leaf("span", 100 * done / total + " %", "class", "spent").close();
  }
}
