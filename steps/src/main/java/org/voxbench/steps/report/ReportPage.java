package org.voxbench.steps.report;

import java.util.Base64;
import java.util.List;
import org.voxbench.steps.evaluate.Scores;

/** The report as one HTML page that needs nothing but itself and prints well. */
final class ReportPage {

  private static final String STYLE =
      """
      :root { color-scheme: light; }
      body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff;
             max-width: 1080px; margin: 2rem auto; padding: 0 1.25rem; }
      h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
      p.lead { color: #51606f; margin: 0 0 1rem; }
      .warning { border-left: 4px solid #b45309; background: #fff7ed; padding: .6rem .9rem; font-weight: 600; }
      .figures { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
      .figures div { border: 1px solid #dbe2ea; border-radius: 8px; padding: .6rem 1rem; min-width: 9rem; }
      .figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
      th, td { padding: .3rem .7rem; border-bottom: 1px solid #e5eaf0; text-align: right; }
      th:first-child, td:first-child { text-align: left; }
      th { border-bottom: 2px solid #c4cdd8; font-weight: 600; vertical-align: bottom; }
      table.many { font-size: .78rem; } table.many th, table.many td { padding: .25rem .35rem; }
      tr.mean td { font-weight: 600; background: #f6f8fa; }
      .row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
      .row svg { width: 460px; max-width: 100%; height: auto; }
      figure { margin: 0; } figure img { display: block; background: #000; }
      figcaption { font-size: .82rem; color: #51606f; }
      svg text { font: 11px system-ui, sans-serif; fill: #51606f; }
      svg text.title { font-size: 13px; font-weight: 600; fill: #1c2430; }
      svg text.end { text-anchor: end; } svg text.middle { text-anchor: middle; }
      svg .grid { stroke: #e5eaf0; }
      .key { display: inline-block; width: 1.6em; height: .35em; vertical-align: middle; }
      .truth { background: #00c2a0; } .prediction { background: #ff8c1a; }
      @media print { table.many { font-size: 7.5px; } body { margin: 0; max-width: none; font-size: 11px; } h2 { break-after: avoid; }
        table, figure, .figures { break-inside: avoid; } .wide { overflow: visible; } }
      """;

  private ReportPage() {}

  static String render(Content content) {
    StringBuilder html = new StringBuilder(1 << 16);
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" img-src data:; style-src 'unsafe-inline'\">\n<title>")
        .append(Html.escape(content.title()))
        .append(" · report</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(Html.escape(content.title()))
        .append("</h1>\n");
    if (content.checksMachineryOnly()) {
      html.append("<p class=\"warning\">").append(Html.escape(content.warning())).append("</p>\n");
    }
    figures(html, content.scores());
    section(html, "Scores per class", Tables.classes(content.scores()).html());
    section(html, "What became of the cases", Tables.counts(content.scores()).html());
    quarantined(html, content.quarantined());
    section(html, "Dice per case", Tables.diceByCase(content.scores()).html());
    section(html, "HD95 (mm) per case", Tables.hd95ByCase(content.scores()).html());
    section(html, "Beside the published rules", Tables.asPublished(content.scores()).html());
    section(html, "How the figures are made", policy(content.scores()));
    section(html, "Worst cases", worst(content.worst()));
    section(html, "Training", curves(content.history()));
    section(html, "Network", Tables.facts(content.network()).html());
    return html.append("</body></html>\n").toString();
  }

  private static void quarantined(StringBuilder html, Quarantined quarantined) {
    if (!quarantined.cases().isEmpty()) {
      String sentence = "<p>" + Html.escape(quarantined.sentence()) + "</p>\n";
      section(html, Quarantined.TITLE, sentence + Tables.quarantined(quarantined).html());
    }
  }

  private static void section(StringBuilder html, String title, String body) {
    html.append("<section><h2>")
        .append(title)
        .append("</h2>\n")
        .append(body)
        .append("</section>\n");
  }

  private static void figures(StringBuilder html, Scores scores) {
    html.append("<p class=\"lead\">Split: ")
        .append(Html.escape(scores.split()))
        .append(". Means over published classes of their means over cases.</p>\n")
        .append("<div class=\"figures\">");
    figure(html, "mean Dice", Numbers.dice(scores.published().dice()));
    figure(html, "mean HD95 (mm)", Numbers.length(scores.published().hd95()));
    figure(html, "cases expected", Integer.toString(scores.counts().expected()));
    figure(html, "evaluated", Integer.toString(scores.counts().evaluated()));
    figure(html, "failed", Integer.toString(scores.counts().failed()));
    figure(html, "classes left out", Integer.toString(scores.published().excluded()));
    html.append("</div>\n");
  }

  private static void figure(StringBuilder html, String name, String value) {
    html.append("<div><b>").append(value).append("</b>").append(name).append("</div>");
  }

  private static String policy(Scores scores) {
    StringBuilder html = new StringBuilder("<ul>");
    scores.policy().forEach(one -> html.append("<li>").append(Html.escape(one)).append("</li>\n"));
    return html.append("</ul>\n").toString();
  }

  private static String worst(List<WorstCase> cases) {
    StringBuilder html =
        new StringBuilder(
            "<p><span class=\"key truth\"></span> truth <span class=\"key prediction\"></span>"
                + " prediction, white where both outlines meet; to scale, the patient's right on the left.</p>\n");
    for (WorstCase one : cases) {
      html.append("<h3>")
          .append(Html.escape(one.name()))
          .append("</h3><p>")
          .append(Html.escape(one.sentence()))
          .append("</p><div class=\"row\">");
      for (WorstCase.View view : one.views()) {
        String caption = Html.escape(view.caption());
        html.append("<figure><img alt=\"")
            .append(Html.escape(one.name()))
            .append(", ")
            .append(caption)
            .append("\" src=\"data:image/png;base64,")
            .append(Base64.getEncoder().encodeToString(view.png()))
            .append("\"><figcaption>")
            .append(caption)
            .append("</figcaption></figure>\n");
      }
      html.append("</div>\n");
    }
    return html.toString();
  }

  private static String curves(History history) {
    if (history.plots().isEmpty()) {
      return "<p>The training left no history.</p>\n";
    }
    StringBuilder html = new StringBuilder("<div class=\"row\">");
    history.plots().forEach(plot -> html.append(plot.svg()));
    return html.append("</div>\n").toString();
  }
}
