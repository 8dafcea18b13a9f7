package org.voxbench.tracking.check;

import static org.voxbench.tracking.check.Conformance.expect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.mlflow.tracking.MlflowClient;

/** Upload, list, download; and paths that would leave the run's folder. */
final class ArtifactChecks {

  private final MlflowClient client;
  private final ApiCaller api;
  private final String experiment;

  ArtifactChecks(MlflowClient client, ApiCaller api, String experiment) {
    this.client = client;
    this.api = api;
    this.experiment = experiment;
  }

  void into(Conformance.Table table) {
    var info = client.createRun(experiment);
    String root = info.getArtifactUri().replaceFirst("^mlflow-artifacts:", "");
    String run = info.getRunId();
    table.check(
        "artifacts",
        "the server proxies them",
        () ->
            expect(info.getArtifactUri().startsWith("mlflow-artifacts:/"), info.getArtifactUri()));
    transfers(table, root);
    lookups(table, root, run);
    escapes(table, root, run);
    deletion(table, root);
  }

  private void transfers(Conformance.Table table, String root) {
    table.check(
        "artifacts",
        "a file is read back, also a part of it",
        () -> {
          expect(api.artifact("PUT", root + "/a/b.txt", "0123456789").status() == 200, "refused");
          expect(api.artifact("GET", root + "/a/b.txt", null).body().equals("0123456789"), "other");
          ApiCaller.Answer part = api.range(root + "/a/b.txt", "bytes=2-4");
          expect(part.status() == 206 && part.body().equals("234"), part);
        });
    table.check(
        "artifacts",
        "an empty file, and one whose name holds + and blanks",
        () -> {
          expect(api.artifact("PUT", root + "/empty", "").status() == 200, "refused");
          String odd = root + "/a%2Bb%20c.txt";
          expect(api.artifact("PUT", odd, "odd").status() == 200, "refused");
          expect(api.artifact("GET", odd, null).body().equals("odd"), "other");
        });
  }

  private void lookups(Conformance.Table table, String root, String run) {
    table.check(
        "artifacts",
        "lists give paths from the run's root on",
        () -> {
          JsonNode files = api.get("artifacts/list?run_id=" + run + "&path=a").json().path("files");
          expect(files.at("/0/path").asText().equals("a/b.txt"), files);
        });
    table.check(
        "artifacts",
        "a missing file is 404",
        () -> {
          int status = api.artifact("GET", root + "/none", null).status();
          expect(status == 404, status);
        });
  }

  private void escapes(Conformance.Table table, String root, String run) {
    for (String path :
        List.of(
            "/%2e%2e/x",
            "/..%2fx", "/%252e%252e%252fx", "/a/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd")) {
      table.check(
          "artifacts",
          "refused: " + path,
          () -> {
            int put = api.artifact("PUT", root + path, "x").status();
            int got = api.artifact("GET", root + path, null).status();
            expect(put >= 400 && put < 500 && got >= 400 && got < 500, put + " and " + got);
          });
    }
    table.check(
        "artifacts",
        "a list of ../ is refused",
        () -> {
          int status = api.get("artifacts/list?run_id=" + run + "&path=../..").status();
          expect(status == 400, status);
        });
  }

  private void deletion(Conformance.Table table, String root) {
    table.check(
        "artifacts",
        "a deleted file is gone",
        () -> {
          api.artifact("DELETE", root + "/empty", null);
          int status = api.artifact("GET", root + "/empty", null).status();
          expect(status == 404, status);
        });
  }
}
