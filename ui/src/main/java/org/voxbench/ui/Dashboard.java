package org.voxbench.ui;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the dashboard and their data. It starts nothing: the root mounts it on its server.
 */
public final class Dashboard {

  private static final int RUNS_A_PAGE = 50;
  private static final int POINTS_A_CURVE = 600;

  private final RunFeed feed;
  private final Assets assets = new Assets();
  private final Data data = new Data();
  private final Frame frame = new Frame(assets);
  private final RunListPage runListPage;
  private final RunPage runPage;

  /**
   * A dashboard that shows what the feed knows.
   *
   * @param clock tells how long a run has been running
   */
  public Dashboard(RunFeed feed, InstantSource clock) {
    this.feed = feed;
    this.runListPage = new RunListPage(frame, clock);
    this.runPage = new RunPage(frame, clock);
  }

  /** Adds every path of the dashboard; all of them only read. */
  public void mount(RoutesConfig routes) {
    routes
        .get("/", this::runs)
        .get("/runs/{id}", this::run)
        .get("/runs/{id}/files/<path>", this::file)
        .get("/assets/{name}", this::asset)
        .get("/api/runs", this::runsData)
        .get("/api/runs/{id}", this::runData)
        .get("/api/runs/{id}/curves", this::curvesData)
        .get("/api/runs/{id}/scores", this::scoresData);
    routes
        .exception(BadQueryException.class, this::badQuery)
        .error(HttpStatus.NOT_FOUND, "html", this::noSuchPage);
  }

  private void runs(Context context) {
    RunQuery query = query(context);
    Responses.page(context, runListPage.draw(query, feed.runs(query)));
  }

  private void run(Context context) {
    String id = context.pathParam("id");
    Optional<RunDetails> run = feed.run(id);
    if (run.isEmpty()) {
      context.status(HttpStatus.NOT_FOUND);
      Responses.page(context, noSuchRun(id));
    } else {
      String measure = context.queryParam("measure");
      Responses.page(context, runPage.draw(run.get(), feed.scores(id), measure));
    }
  }

  private void file(Context context) throws IOException {
    String id = context.pathParam("id");
    String path = context.pathParam("path");
    boolean listed =
        feed.run(id).stream()
            .flatMap(run -> run.files().stream())
            .anyMatch(file -> file.path().equals(path));
    Optional<Path> found = listed ? feed.file(id, path) : Optional.empty();
    if (found.isEmpty() || !Files.isRegularFile(found.get())) {
      context.status(HttpStatus.NOT_FOUND);
      Responses.page(context, noSuchFile(id, path));
    } else {
      Responses.file(context, found.get());
    }
  }

  private void asset(Context context) {
    Optional<Assets.Asset> asset = assets.find(context.pathParam("name"));
    if (asset.isEmpty()) {
      context.status(HttpStatus.NOT_FOUND);
    } else {
      Responses.asset(context, asset.get());
    }
  }

  private void runsData(Context context) {
    RunQuery query = query(context);
    Responses.data(context, data.runs(query, feed.runs(query)));
  }

  private void runData(Context context) {
    String id = context.pathParam("id");
    answer(context, id, feed.run(id).map(data::run));
  }

  private void curvesData(Context context) {
    String id = context.pathParam("id");
    int points = number(context, "points", POINTS_A_CURVE, 3, 5000);
    answer(context, id, feed.run(id).map(run -> data.curves(feed.curves(id), points)));
  }

  private void scoresData(Context context) {
    String id = context.pathParam("id");
    answer(context, id, feed.run(id).map(run -> data.scores(feed.scores(id))));
  }

  private void answer(Context context, String id, Optional<byte[]> json) {
    if (json.isEmpty()) {
      context.status(HttpStatus.NOT_FOUND);
      Responses.data(
          context,
          data.error("RESOURCE_DOES_NOT_EXIST", "no run has the id " + id + "; see /api/runs"));
    } else {
      Responses.data(context, json.get());
    }
  }

  private static RunQuery query(Context context) {
    String text = Optional.ofNullable(context.queryParam("q")).orElse("").strip();
    int offset = number(context, "offset", 0, 0, Integer.MAX_VALUE);
    int limit = number(context, "limit", RUNS_A_PAGE, 1, 500);
    return new RunQuery(state(context.queryParam("state")), text, offset, limit);
  }

  private static RunRow.@Nullable State state(@Nullable String key) {
    if (key == null || key.isEmpty()) {
      return null;
    }
    return Arrays.stream(RunRow.State.values())
        .filter(state -> RunListPage.key(state).equals(key.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new BadQueryException(
                    "state: expected one of "
                        + Arrays.stream(RunRow.State.values()).map(RunListPage::key).toList()
                        + " but found "
                        + key));
  }

  private static int number(Context context, String name, int usual, int least, int most) {
    String text = context.queryParam(name);
    if (text == null || text.isEmpty()) {
      return usual;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers out of range.
    }
    throw new BadQueryException(
        name + ": expected a whole number from " + least + " to " + most + " but found " + text);
  }

  private void badQuery(BadQueryException exception, Context context) {
    context.status(HttpStatus.BAD_REQUEST);
    String message = String.valueOf(exception.getMessage());
    if (context.path().startsWith("/api/")) {
      Responses.data(context, data.error("INVALID_PARAMETER_VALUE", message));
    } else {
      Responses.page(context, explain("This address cannot be read", message));
    }
  }

  private void noSuchPage(Context context) {
    if (!Responses.isAnswered(context)) {
      Responses.page(
          context, explain("No such page", "Nothing answers at " + context.path() + "."));
    }
  }

  private String noSuchRun(String id) {
    return explain(
        "No such run",
        "No run has the id "
            + id
            + ". It may live in another home folder: the one shown is set by"
            + " --home when the dashboard is started.");
  }

  private String noSuchFile(String id, String path) {
    return frame.message(
        "No such file",
        html -> {
          html.leaf("p", "The run " + id + " lists no file " + path + ", or it was removed.");
          html.open("p").leaf("a", "Back to the run", "href", Address.run(id)).close();
        });
  }

  private String explain(String title, String sentence) {
    return frame.message(
        title,
        html -> {
          html.leaf("p", sentence);
          html.open("p").leaf("a", "Show all runs", "href", "/", "id", "up").close();
        });
  }

  /** An address whose query cannot be read. */
  private static final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQueryException(String message) {
      super(message);
    }
  }
}
