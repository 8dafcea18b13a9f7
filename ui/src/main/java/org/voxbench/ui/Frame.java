package org.voxbench.ui;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every page has around its own part: head, top line, main, foot. */
final class Frame {

  /** How often a page asks for news of itself. */
  enum Refresh {
    FAST("1500"),
    SLOW("8000"),
    NEVER(null);

    final @Nullable String millis;

    Refresh(@Nullable String millis) {
      this.millis = millis;
    }
  }

  private final Assets assets;

  Frame(Assets assets) {
    this.assets = assets;
  }

  /**
   * The whole document.
   *
   * @param curves whether the page draws curves
   */
  String page(String title, Refresh refresh, boolean curves, Consumer<Html> main) {
    Html html = new Html();
    html.open("html", "lang", "en");
    head(html, title, curves);
    html.open("body", "data-refresh", refresh.millis);
    html.leaf("a", "Skip to content", "class", "skip", "href", "#main");
    top(html);
    html.leaf("p", "", "id", "connection", "class", "connection", "role", "status");
    html.leaf("p", "", "id", "said", "class", "hidden", "role", "status");
    html.open("main", "id", "main", "tabindex", "-1");
    main.accept(html);
    html.close();
    foot(html);
    return html.close().close().document();
  }

  private void head(Html html, String title, boolean curves) {
    html.open("head").lone("meta", "charset", "utf-8");
    html.lone("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.lone("meta", "name", "color-scheme", "content", "light dark");
    html.leaf("title", title + " · Voxbench");
    html.lone("link", "rel", "icon", "href", assets.address("icon.svg"));
    html.lone("link", "rel", "stylesheet", "href", assets.address("style.css"));
    script(html, "theme.js", null);
    script(html, "page.js", "");
    if (curves) {
      script(html, "echarts.common.min.js", "");
      script(html, "curves.js", "");
    }
    html.close();
  }

  private void script(Html html, String name, @Nullable String defer) {
    html.open("script", "src", assets.address(name), "defer", defer).close();
  }

  private static void top(Html html) {
    html.open("header", "class", "top");
    html.open("a", "class", "brand", "href", "/", "aria-label", "Voxbench: all runs");
    html.icon(Icon.CUBE).leaf("span", "Voxbench").close();
    html.open("nav", "aria-label", "Main").leaf("a", "Runs", "href", "/").close();
    html.open("button", "type", "button", "class", "quiet", "id", "theme", "hidden", "");
    html.icon(Icon.THEME).leaf("span", "Theme").close();
    html.close();
  }

  private static void foot(Html html) {
    html.open("footer");
    html.open("p").leaf("kbd", "/").text(" search ").leaf("kbd", "j").text(" ").leaf("kbd", "k");
    html.text(" next and previous ").leaf("kbd", "u").text(" up to all runs ");
    html.leaf("kbd", "t").text(" theme").close();
    html.open("p").text("The same as data: ").leaf("a", "/api/runs", "href", "/api/runs").close();
    html.close();
  }

  /** A state as an icon and a word, so that neither colour nor shape alone has to tell. */
  static void pill(Html html, Icon icon, Enum<?> state) {
    String name = Format.state(state);
    html.open("span", "class", "pill " + name.toLowerCase(java.util.Locale.ROOT));
    html.icon(icon).text(name).close();
  }

  /** A point in time that the page's script shows in the reader's own zone. */
  static void time(Html html, java.time.@Nullable Instant at) {
    if (at == null) {
      html.text(Format.DASH);
    } else {
      html.leaf("time", Format.time(at), "datetime", at.toString(), "title", at.toString());
    }
  }

  /** A command to copy. */
  static void command(Html html, String line) {
    html.open("div", "class", "command").leaf("code", line);
    html.open("button", "type", "button", "class", "quiet copy", "data-copy", line);
    html.icon(Icon.COPY).leaf("span", "Copy").close().close();
  }

  /** A page that says in one title and one sentence what is wrong and what to do. */
  String message(String title, Consumer<Html> body) {
    return page(
        title,
        Refresh.NEVER,
        false,
        html -> {
          html.open("section", "class", "blank").icon(Icon.LOST).leaf("h1", title);
          body.accept(html);
          html.close();
        });
  }
}
