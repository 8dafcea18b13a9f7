package org.voxbench.ui;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run left and was asked: figures, notes, files, configuration. */
final class RecordSections {

  private static final int FILES_AT_ONCE = 12;

  private RecordSections() {}

  static void draw(Html html, RunDetails run) {
    html.open("div", "class", "columns even").open("div", "class", "stack");
    files(html, run);
    pairs(html, "metrics", "Metrics", "None yet. They arrive as steps finish.", figures(run));
    html.close().open("div", "class", "stack");
    notes(html, run.notes());
    pairs(html, "params", "Configuration", "Not resolved yet.", run.params());
    html.close().close();
  }

  private static Map<String, String> figures(RunDetails run) {
    Map<String, String> figures = new LinkedHashMap<>();
    run.metrics().forEach((key, value) -> figures.put(key, Format.figure(value)));
    return figures;
  }

  private static void notes(Html html, List<RunDetails.Note> notes) {
    card(html, "notes", "Notes");
    if (notes.isEmpty()) {
      html.leaf("p", "Nothing to say so far.", "class", "none");
    } else {
      html.open("ol", "class", "notes", "tabindex", "0", "aria-label", "Notes");
      for (RunDetails.Note note : notes) {
        html.open("li").open("p", "class", "muted");
        html.leaf("span", note.step(), "class", "badge plain").text(" ");
        Frame.time(html, note.at());
        html.close().leaf("p", note.text()).close();
      }
      html.close();
    }
    html.close();
  }

  private static void files(Html html, RunDetails run) {
    card(html, "files", "Files");
    if (run.files().isEmpty() && run.links().isEmpty()) {
      html.leaf("p", "None yet. The report comes last.", "class", "none");
    }
    int shown = Math.min(FILES_AT_ONCE, run.files().size());
    list(html, run, run.files().subList(0, shown));
    if (shown < run.files().size()) {
      html.open("details", "id", "more-files");
      html.leaf("summary", Format.count(run.files().size() - shown) + " more");
      list(html, run, run.files().subList(shown, run.files().size()));
      html.close();
    }
    if (!run.links().isEmpty()) {
      html.open("ul", "class", "files");
      for (RunDetails.Link link : run.links()) {
        html.open("li").open("a", "href", link.href(), "rel", "noreferrer").icon(Icon.OUT);
        html.text(link.label()).close().close();
      }
      html.close();
    }
    html.close();
  }

  private static void list(Html html, RunDetails run, List<RunDetails.RunFile> files) {
    html.open("ul", "class", "files");
    for (RunDetails.RunFile file : files) {
      String label = file.label();
      html.open("li").open("a", "href", Address.file(run.row().id(), file.path()));
      html.icon(Icon.FILE).text(label == null ? file.path() : label).close();
      html.leaf("span", label == null ? "" : file.path(), "class", "muted path");
      html.leaf("span", Format.bytes(file.bytes()), "class", "muted spent").close();
    }
    html.close();
  }

  private static void pairs(
      Html html, String id, String title, String none, Map<String, String> pairs) {
    card(html, id, title);
    if (pairs.isEmpty()) {
      html.leaf("p", none, "class", "none");
    } else {
      html.open(
          "div", "class", "scroll pairs", "tabindex", "0", "role", "region", "aria-label", title);
      html.open("table").leaf("caption", title, "class", "hidden").open("tbody");
      pairs.forEach(
          (key, value) ->
              html.open("tr").leaf("th", key, "scope", "row").leaf("td", value).close());
      html.close().close().close();
    }
    html.close();
  }

  private static void card(Html html, String id, String title) {
    html.open(
        "section", "class", "card", "id", id, "data-part", "", "aria-labelledby", id + "-title");
    html.leaf("h2", title, "id", id + "-title");
  }
}
