package org.voxbench.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages as a reader sees them, in the Chromium of this machine. */
@Tag("browser")
class BrowserTest {

  private static Playwright playwright;
  private static Browser browser;

  private final TestServer server = new TestServer();
  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void launch() {
    Optional<Path> chromium = Chromium.find();
    assumeTrue(chromium.isPresent(), Chromium.MISSING);
    PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    playwright = Chromium.playwright();
    browser = playwright.chromium().launch(Chromium.options(chromium.get()));
  }

  @AfterAll
  static void quit() {
    if (playwright != null) {
      browser.close();
      playwright.close();
    }
  }

  @BeforeEach
  void open() {
    look(ColorScheme.LIGHT);
  }

  private void look(ColorScheme scheme) {
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(1280, 800)
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE));
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onDialog(
        dialog -> {
          complaints.add("dialog " + dialog.message());
          dialog.dismiss();
        });
  }

  @AfterEach
  void close() {
    context.close();
    server.close();
  }

  private void put(String id, RunRow.State state, StepRow... steps) {
    server.feed.put(
        Samples.details(Samples.row(id, "quickstart", state, Samples.NOON), Samples.steps(steps)));
  }

  @Test
  void aRunThatBeginsAppearsOnTheEmptyPageByItself() {
    page.navigate(server.address("/"));
    assertThat(page.locator("h1")).hasText("No runs yet");
    put("run-1", RunRow.State.RUNNING, Samples.running("download", 1, 4, null));
    assertThat(page.locator("a.run")).hasText("quickstart");
    assertThat(complaints).isEmpty();
  }

  /** As a bookmark with a token has it: the page's own requests must not repeat the token. */
  @Test
  void aPageUnderAnAddressWithCredentialsKeepsUpToDateToo() {
    page.navigate(server.address("/").replace("http://", "http://user:token@"));
    assertThat(page.locator("h1")).hasText("No runs yet");
    put("run-1", RunRow.State.RUNNING, Samples.running("download", 1, 4, null));
    assertThat(page.locator("a.run")).hasText("quickstart");
    assertThat(complaints).isEmpty();
  }

  @Test
  void theListLeadsToTheRunByMouse() {
    put("run-1", RunRow.State.FAILED, Samples.failed("download", "No space left."));
    put("run-2", RunRow.State.QUEUED);
    page.navigate(server.address("/"));
    assertThat(page.locator("tbody tr")).hasCount(2);
    page.locator("#filter-failed").click();
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.locator("#filter-failed")).hasAttribute("aria-current", "true");
    page.locator("tbody tr").click();
    assertThat(page).hasURL(server.address("/runs/run-1"));
    assertThat(page.locator(".callout code")).hasText("./voxbench resume run-1");
    assertThat(page.locator("#step-download .message")).hasText("No space left.");
    assertThat(complaints).isEmpty();
  }

  @Test
  void theKeyboardReachesEverything() {
    put("run-1", RunRow.State.STOPPED);
    put("run-2", RunRow.State.QUEUED);
    page.navigate(server.address("/"));
    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("j");
    assertThat(page.locator("#run-run-2")).isFocused();
    page.keyboard().press("j");
    assertThat(page.locator("#run-run-1")).isFocused();
    page.keyboard().press("k");
    assertThat(page.locator("#run-run-2")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page).hasURL(server.address("/runs/run-2"));
    page.waitForLoadState();
    page.keyboard().press("u");
    assertThat(page).hasURL(server.address("/"));
    page.waitForLoadState();
    page.keyboard().press("/");
    assertThat(page.locator("#search")).isFocused();
    page.keyboard().type("run-1");
    page.keyboard().press("Enter");
    assertThat(page.locator("a.run")).hasCount(1);
    assertThat(complaints).isEmpty();
  }

  @Test
  void aLiveRunMovesOnWithoutReloading() {
    put(
        "run-1",
        RunRow.State.RUNNING,
        Samples.reused("download"),
        Samples.succeeded("preprocess", 4),
        Samples.running("train", 120, 300, Duration.ofSeconds(130)));
    server.feed.curves("run-1", Samples.curves(120));
    page.navigate(server.address("/runs/run-1"));
    page.evaluate("window.sameDocument = true");
    Locator train = page.locator("#step-train");
    assertThat(train.locator("progress")).hasAttribute("value", "120");
    assertThat(train.locator(".remaining")).hasText("about 2 min left");
    assertThat(page.locator("#step-download .badge")).hasText("reused");
    assertThat(page).hasTitle("Running · quickstart · Voxbench");
    String before = page.locator(".plot").first().getAttribute("data-points");

    server.feed.curves("run-1", Samples.curves(200));
    server.now.set(Samples.NOON.plusSeconds(400));
    put(
        "run-1",
        RunRow.State.RUNNING,
        Samples.reused("download"),
        Samples.succeeded("preprocess", 4),
        Samples.running("train", 200, 300, Duration.ofSeconds(30)));
    assertThat(train.locator("progress")).hasAttribute("value", "200");
    assertThat(train.locator(".remaining")).hasText("about 30 s left");
    assertThat(page.locator(".run-head")).containsText("6 min 38 s");
    assertThat(page.locator("[data-points='200']")).hasCount(2);
    assertThat(before).isEqualTo("120");

    server.feed.put(Samples.finished("run-1"));
    server.feed.scores("run-1", Samples.scores());
    assertThat(page.locator(".run-head .pill")).hasText("Succeeded");
    assertThat(page.locator("#scores tbody tr")).hasCount(3);
    assertThat(page.locator("#said")).hasText("Succeeded · quickstart · Voxbench");
    assertThat(page.locator("#open-report")).isVisible();
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    assertThat(complaints).isEmpty();
  }

  @Test
  void aLostConnectionIsSaidAndMended() {
    put("run-1", RunRow.State.RUNNING, Samples.running("download", 1, 4, null));
    page.navigate(server.address("/runs/run-1"));
    context.setOffline(true);
    assertThat(page.locator("#connection")).containsText("Connection to the dashboard lost");
    context.setOffline(false);
    assertThat(page.locator("#connection")).isEmpty();
  }

  @Test
  void curvesAreDrawnByFamily() {
    server.feed.put(Samples.finished("run-1"));
    server.feed.curves("run-1", Samples.curves(300));
    page.navigate(server.address("/runs/run-1"));
    assertThat(page.locator(".chart")).hasCount(3);
    assertThat(page.locator(".chart.wide .legend li")).hasCount(6);
    assertThat(page.locator(".plot").first())
        .hasAttribute("aria-label", java.util.regex.Pattern.compile("train.loss .* at 300"));
    String coloured =
        "chart => { const c = chart.querySelector('canvas'); const d = c.getContext('2d')"
            + ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
            + " for (let i = 0; i < d.length; i += 4)"
            + " if (d[i+3] > 200 && d[i+1] - d[i] > 40) n++; return n; }";
    Locator loss = page.locator(".plot").first();
    assertThat((int) loss.evaluate(coloured)).isGreaterThan(150);
    page.locator("#log-scale").check();
    assertThat((int) loss.evaluate(coloured)).isGreaterThan(150);
    loss.hover();
    assertThat(complaints).isEmpty();
  }

  @Test
  void theScoreTableTurnsToAnotherMeasure() {
    server.feed.put(Samples.finished("run-1"));
    server.feed.scores("run-1", Samples.scores());
    page.navigate(server.address("/runs/run-1"));
    assertThat(page.locator("#scores tbody.cases tr").first().locator("td"))
        .hasText(new String[] {"0.971", "0.952", "0.944", "0.921", "0.883", "0.934"});
    page.locator("#measure-hd95").click();
    assertThat(page.locator("#scores tbody.cases tr").nth(1).locator("td").nth(3)).hasText("8.35");
    assertThat(page.locator("#scores tbody.cases tr").nth(1).locator("td").nth(4)).hasText("–");
    assertThat(page.locator("#scores tbody.summary th")).hasText("mean");
    assertThat(complaints).isEmpty();
  }

  @Test
  void aHeadingPutsTheWorstCasesFirst() {
    server.feed.put(Samples.finished("run-1"));
    server.feed.scores("run-1", Samples.scores());
    page.navigate(server.address("/runs/run-1"));
    Locator cases = page.locator("#scores tbody.cases th");
    Locator aorta = page.locator("#scores thead th").nth(4);
    assertThat(cases).hasText(new String[] {"phantom_09", "phantom_010"});
    aorta.locator("button").click();
    assertThat(cases).hasText(new String[] {"phantom_010", "phantom_09"});
    assertThat(aorta).hasAttribute("aria-sort", "ascending");
    aorta.locator("button").press("Enter");
    assertThat(cases).hasText(new String[] {"phantom_09", "phantom_010"});
    assertThat(aorta).hasAttribute("aria-sort", "descending");
    page.navigate(server.address("/runs/run-1?measure=hd95"));
    page.locator("#scores thead th").nth(4).locator("button").click();
    assertThat(cases).hasText(new String[] {"phantom_010", "phantom_09"});
    assertThat(complaints).isEmpty();
  }

  @Test
  void aRunNamedLikeAScriptStaysText() {
    String evil = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    server.feed.put(
        Samples.details(
            Samples.row(evil, evil, RunRow.State.RUNNING, Samples.NOON),
            Samples.steps(Samples.failed("download", evil))));
    server.feed.curves(evil, List.of(new Curve(evil, List.of(new Point(1, 2), new Point(2, 1)))));
    page.navigate(server.address("/"));
    assertThat(page.locator("a.run")).hasText(evil);
    page.locator("a.run").click();
    assertThat(page.locator("h1")).hasText(evil);
    assertThat(page.locator(".chart strong")).hasText(evil);
    assertThat(page.locator("#step-download .message")).hasText(evil);
    assertThat(page.locator("main script, main img")).hasCount(0);
    assertThat(complaints).isEmpty();
  }

  @Test
  void darkModeFollowsTheSystemAndTheButton() {
    context.close();
    look(ColorScheme.DARK);
    server.feed.put(Samples.finished("run-1"));
    page.navigate(server.address("/runs/run-1"));
    String ground = "getComputedStyle(document.body).backgroundColor";
    assertThat(page.evaluate(ground)).isEqualTo("rgb(17, 19, 22)");
    page.locator("#theme").click();
    assertThat(page.evaluate(ground)).isEqualTo("rgb(246, 246, 243)");
    page.reload();
    assertThat(page.evaluate(ground)).isEqualTo("rgb(246, 246, 243)");
    page.keyboard().press("t");
    assertThat(page.evaluate(ground)).isEqualTo("rgb(17, 19, 22)");
    assertThat(complaints).isEmpty();
  }

  @Test
  void nothingRunsOverTheEdgeOnALaptop() {
    server.feed.put(Samples.finished("run-1"));
    server.feed.curves("run-1", Samples.curves(300));
    server.feed.scores("run-1", Samples.scores());
    for (int width : new int[] {1280, 1024, 640}) {
      page.setViewportSize(width, 720);
      for (String path : List.of("/", "/runs/run-1")) {
        page.navigate(server.address(path));
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
            .as("%s at %d", path, width)
            .isEqualTo(width);
      }
    }
  }
}
