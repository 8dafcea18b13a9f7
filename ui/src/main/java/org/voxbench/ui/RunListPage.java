package org.voxbench.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The list of runs: filter by state, search, page by page. */
final class RunListPage {

  private final Frame frame;
  private final InstantSource clock;

  RunListPage(Frame frame, InstantSource clock) {
    this.frame = frame;
    this.clock = clock;
  }

  String draw(RunQuery query, RunList list) {
    boolean live = list.rows().stream().anyMatch(row -> row.state().isLive());
    return frame.page(
        "Runs",
        live ? Frame.Refresh.FAST : Frame.Refresh.SLOW,
        false,
        html -> {
          if (sum(list) == 0 && query.text().isEmpty()) {
            empty(html);
          } else {
            html.open("div", "class", "titled").leaf("h1", "Runs");
            search(html, query);
            html.close();
            filters(html, query, list);
            html.open("div", "id", "runs", "data-part", "");
            table(html, list);
            pager(html, query, list);
            html.close();
          }
        });
  }

  private static int sum(RunList list) {
    return list.counts().values().stream().mapToInt(Integer::intValue).sum();
  }

  private static void empty(Html html) {
    html.open("section", "class", "blank", "id", "runs", "data-part", "").icon(Icon.CUBE);
    html.leaf("h1", "No runs yet");
    html.leaf(
        "p",
        "A run takes one experiment from its data to its report. This one makes its own scans,"
            + " needs no graphics card and takes about five minutes:");
    Frame.command(html, "./voxbench run configs/experiments/quickstart.yaml");
    html.leaf("p", "See beforehand what it would do:");
    Frame.command(html, "./voxbench plan configs/experiments/quickstart.yaml");
    html.leaf("p", "It appears here by itself as soon as it begins.", "class", "muted");
    html.close();
  }

  private static void search(Html html, RunQuery query) {
    html.open("form", "class", "search", "role", "search", "action", "/", "method", "get");
    html.icon(Icon.SEARCH);
    html.leaf("label", "Search runs by name or id", "for", "search", "class", "hidden");
    html.lone(
        "input",
        "id",
        "search",
        "type",
        "search",
        "name",
        "q",
        "value",
        query.text(),
        "placeholder",
        "Name or id",
        "maxlength",
        "200",
        "autocomplete",
        "off");
    RunRow.State state = query.state();
    if (state != null) {
      html.lone("input", "type", "hidden", "name", "state", "value", key(state));
    }
    html.close();
  }

  private static void filters(Html html, RunQuery query, RunList list) {
    html.open("nav", "id", "filters", "class", "filters", "aria-label", "Filter by state");
    html.open("div", "id", "filter-links", "data-part", "");
    filter(html, query, null, sum(list));
    for (RunRow.State state : RunRow.State.values()) {
      int count = list.counts().getOrDefault(state, 0);
      if (count > 0 || state == query.state()) {
        filter(html, query, state, count);
      }
    }
    html.close().close();
  }

  private static void filter(Html html, RunQuery query, RunRow.@Nullable State state, int count) {
    html.open(
        "a",
        "href",
        link(state, query.text(), 0),
        "class",
        "chip",
        "aria-current",
        state == query.state() ? "true" : null,
        "id",
        "filter-" + (state == null ? "all" : key(state)));
    html.text(state == null ? "All" : Format.state(state));
    html.leaf("span", Format.count(count), "class", "count").close();
  }

  private void table(Html html, RunList list) {
    if (list.rows().isEmpty()) {
      html.open("p", "class", "none").text("No run matches. ");
      html.leaf("a", "Show all runs", "href", "/").close();
      return;
    }
    html.open("div", "class", "card").open("table", "class", "runs");
    html.leaf("caption", "Runs, newest first", "class", "hidden");
    html.open("thead").open("tr");
    html.leaf("th", "State", "scope", "col").leaf("th", "Experiment", "scope", "col");
    html.leaf("th", "Started", "scope", "col");
    html.leaf("th", "Duration", "scope", "col", "class", "number");
    html.leaf("th", "Mean Dice", "scope", "col", "class", "number");
    html.close().close().open("tbody");
    Instant now = clock.instant();
    list.rows().forEach(row -> row(html, row, now));
    html.close().close().close();
  }

  private static void row(Html html, RunRow row, Instant now) {
    html.open("tr").open("td");
    Frame.pill(html, Icon.of(row.state()), row.state());
    html.close().open("th", "scope", "row");
    html.leaf(
        "a",
        row.experiment(),
        "class",
        "run",
        "href",
        Address.run(row.id()),
        "id",
        "run-" + row.id());
    String activity = row.activity();
    html.leaf("span", activity == null ? row.id() : row.id() + " · " + activity, "class", "muted");
    html.close().open("td");
    Frame.time(html, row.started() == null ? row.queued() : row.started());
    html.close().leaf("td", duration(row, now), "class", "number");
    html.open("td", "class", "number");
    dice(html, row.diceMean());
    html.close().close();
  }

  private static void dice(Html html, @Nullable Double dice) {
    html.leaf("span", Format.share(dice), "class", dice == null ? "muted" : null);
    if (dice != null && dice >= 0 && dice <= 1) {
      String value = String.format(Locale.ROOT, "%.3f", dice);
      html.leaf("meter", "", "min", "0", "max", "1", "value", value, "aria-hidden", "true");
    }
  }

  static String duration(RunRow row, Instant now) {
    Instant started = row.started();
    if (started == null) {
      return Format.DASH;
    }
    Instant ended = row.ended();
    return Format.duration(Duration.between(started, ended == null ? now : ended));
  }

  private static void pager(Html html, RunQuery query, RunList list) {
    if (list.total() <= query.limit() && query.offset() == 0) {
      return;
    }
    int last = query.offset() + list.rows().size();
    html.open("nav", "class", "pager", "aria-label", "Pages");
    html.leaf(
        "span",
        Format.count(Math.min(query.offset() + 1, last))
            + " to "
            + Format.count(last)
            + " of "
            + Format.count(list.total()),
        "class",
        "muted");
    int newer = Math.max(0, query.offset() - query.limit());
    turn(
        html,
        "Newer",
        "prev",
        query.offset() > 0 ? link(query.state(), query.text(), newer) : null);
    turn(
        html,
        "Older",
        "next",
        last < list.total() ? link(query.state(), query.text(), last) : null);
    html.close();
  }

  private static void turn(Html html, String word, String rel, @Nullable String href) {
    if (href == null) {
      html.leaf("span", word, "class", "chip", "aria-disabled", "true");
    } else {
      html.leaf("a", word, "class", "chip", "rel", rel, "href", href, "id", "page-" + rel);
    }
  }

  private static String link(RunRow.@Nullable State state, String text, int offset) {
    String link =
        (state == null ? "" : "&state=" + key(state))
            + (text.isEmpty() ? "" : "&q=" + Address.encoded(text))
            + (offset == 0 ? "" : "&offset=" + offset);
    return link.isEmpty() ? "/" : "/?" + link.substring(1);
  }

  static String key(RunRow.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
