package org.voxbench.tracking.check;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.voxbench.tracking.Credentials;

/**
 * The calls of MLflow's clients, made on a tracking server, and whether it answers as MLflow 3 does
 * where clients rely on it. Made for our server and for real ones alike.
 */
public final class Conformance {

  private final URI server;
  private final Credentials credentials;

  public Conformance(URI server, Credentials credentials) {
    this.server = server;
    this.credentials = credentials;
  }

  /**
   * One check.
   *
   * @param area what it belongs to
   * @param check what is expected
   * @param found what was found instead, empty where it passed
   */
  public record Row(String area, String check, boolean passed, String found) {}

  /** A failed expectation. */
  static final class Unmet extends Exception {
    private static final long serialVersionUID = 1;

    Unmet(String found) {
      super(found);
    }
  }

  /** What a check does; it throws {@link Unmet} where it is disappointed. */
  interface Body {
    void run() throws Unmet, IOException;
  }

  /** Takes checks and makes them at once. */
  static final class Table {

    private final List<Row> rows = new ArrayList<>();

    void check(String area, String what, Body body) {
      try {
        body.run();
        rows.add(new Row(area, what, true, ""));
      } catch (Unmet | IOException | MlflowClientException | IllegalStateException failed) {
        rows.add(new Row(area, what, false, String.valueOf(failed.getMessage())));
      }
    }
  }

  static void expect(boolean holds, Object found) throws Unmet {
    if (!holds) {
      throw new Unmet("found " + found);
    }
  }

  static void expectRefusal(ApiCaller.Answer answer, int status, String code) throws Unmet {
    expect(
        answer.status() == status && answer.error().equals(code),
        "HTTP " + answer.status() + " " + answer.body().strip());
  }

  /** Makes all checks. */
  public List<Row> check() {
    ApiCaller api = new ApiCaller(server, credentials);
    Table table = new Table();
    String mark = UUID.randomUUID().toString().substring(0, 8);
    try (MlflowClient client =
        new MlflowClient(credentials.forClient(server.toString().replaceAll("/+$", "")))) {
      String experiment = client.createExperiment("conformance " + mark);
      new RunChecks(client, api, experiment, mark).into(table);
      new RunLifecycleChecks(client, api, experiment, mark).into(table);
      new SearchChecks(client, api, mark).into(table);
      new ArtifactChecks(client, api, experiment).into(table);
      new ModelChecks(client, api, experiment, mark).into(table);
      client.deleteExperiment(experiment);
    } catch (IOException broken) {
      table.rows.add(new Row("search", "its runs are made", false, String.valueOf(broken)));
    }
    return List.copyOf(table.rows);
  }
}
