package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.server.TestServer;

/** A server's content: some of everything to copy, and all of it as text to compare. */
final class Study {

  static final int LONG_CURVE = 2500;

  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  private final TestServer server;

  Study(TestServer server) {
    this.server = server;
  }

  String post(String path, String json, String pointer) throws Exception {
    TestServer.Reply reply = server.post(path, json.replace('\'', '"'));
    if (reply.status() != 200) {
      throw new AssertionError(path + ": " + reply.body());
    }
    return reply.json().at(pointer).asText();
  }

  String run(String experiment, String name, long start, String tags) throws Exception {
    return post(
        "runs/create",
        "{'experiment_id':'%s','run_name':'%s','user_id':'ann','start_time':%d,'tags':[%s]}"
            .formatted(experiment, name, start, tags),
        "/run/info/run_id");
  }

  void artifact(String folder, String path, byte[] content) throws Exception {
    server.send(
        server.request(FILES + folder + "/" + path).PUT(BodyPublishers.ofByteArray(content)));
  }

  /** Makes a study of a parent and two children, the first of which is made before its parent. */
  String make(String name) throws Exception {
    String id = post("experiments/create", "{'name':'" + name + "'}", "/experiment_id");
    post(
        "experiments/set-experiment-tag",
        "{'experiment_id':'" + id + "','key':'team','value':'ct'}",
        "");
    String parent = run(id, "parent", 2000, "");
    for (int i = 0; i < 2; i++) {
      String tag = "{'key':'mlflow.parentRunId','value':'" + parent + "'}";
      String child = run(id, "child " + i, 1000L + 2000L * i, tag);
      fill(id, child, i);
    }
    return id;
  }

  private void fill(String experiment, String run, int number) throws Exception {
    ObjectNode batch = Peer.JSON.createObjectNode().put("run_id", run);
    ArrayNode params = batch.putArray("params");
    for (int i = 0; i < 100; i++) {
      params.addObject().put("key", "p" + i).put("value", "ü \"" + i);
    }
    server.post("runs/log-batch", batch.toString());
    for (int from = 0; from < LONG_CURVE; from += 500) {
      ObjectNode points = Peer.JSON.createObjectNode().put("run_id", run);
      ArrayNode metrics = points.putArray("metrics");
      for (int i = from; i < from + 500; i++) {
        metrics
            .addObject()
            .put("key", "loss")
            .put("value", 1.0 / (i + 1))
            .put("step", i)
            .put("timestamp", 9000 + i);
      }
      server.post("runs/log-batch", points.toString());
    }
    for (String value : List.of("NaN", "Infinity", "-Infinity", "0.5")) {
      post(
          "runs/log-metric",
          "{'run_id':'" + run + "','key':'odd','value':'" + value + "','timestamp':5,'step':-3}",
          "");
    }
    post(
        "runs/log-inputs",
        "{'run_id':'"
            + run
            + "','datasets':[{'tags':[{'key':'mlflow.data.context','value':'train'}],"
            + "'dataset':{'name':'ct','digest':'d','source_type':'local','source':'{}'}}]}",
        "");
    String files = experiment + "/" + run + "/artifacts";
    byte[] weights = new byte[300_000 + number];
    new Random(number).nextBytes(weights);
    artifact(files, "weights/model.safetensors", weights);
    artifact(files, "empty", new byte[0]);
    artifact(files, "odd/a%20b%2Bc%20%23%C3%9F.txt", new byte[] {1, 2});
    model(experiment, run, number);
    post(
        "runs/update",
        "{'run_id':'"
            + run
            + "','status':'"
            + (number == 0 ? "FINISHED" : "FAILED")
            + "','end_time':99999}",
        "");
  }

  private void model(String experiment, String run, int number) throws Exception {
    String model =
        post(
            "logged-models",
            "{'experiment_id':'%s','name':'net','source_run_id':'%s','params':[{'key':'k','value':'v'}],'tags':[{'key':'t','value':'u'}]}"
                .formatted(experiment, run),
            "/model/info/model_id");
    artifact(
        experiment + "/models/" + model + "/artifacts", "MLmodel", new byte[] {7, (byte) number});
    server.send(
        server
            .request("/api/2.0/mlflow/logged-models/" + model)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString("{\"status\":\"LOGGED_MODEL_READY\"}")));
    post(
        "runs/outputs",
        "{'run_id':'" + run + "','models':[{'model_id':'" + model + "','step':4}]}",
        "");
    post(
        "runs/log-metric",
        "{'run_id':'%s','model_id':'%s','key':'dice','value':0.9,'timestamp':6,'step':1}"
            .formatted(run, model),
        "");
    server.post("registered-models/create", "{\"name\":\"liver\",\"description\":\"all of them\"}");
    String version =
        post(
            "model-versions/create",
            "{'name':'liver','source':'models:/%s','run_id':'%s','tags':[{'key':'dice','value':'0.9'}]}"
                .formatted(model, run),
            "/model_version/version");
    post(
        "registered-models/alias",
        "{'name':'liver','alias':'champion','version':'" + version + "'}",
        "");
  }

  /** All that the server holds, without what differs between copies: ids and our marks. */
  List<String> content() throws Exception {
    List<String> lines = new ArrayList<>();
    JsonNode experiments =
        server.post("experiments/search", "{\"max_results\":100}").json().path("experiments");
    for (JsonNode experiment : experiments) {
      String name = experiment.path("name").asText();
      lines.add(name + " " + experiment.path("tags"));
      String search =
          "{\"experiment_ids\":[\"" + experiment.path("experiment_id").asText() + "\"]}";
      for (JsonNode run : server.post("runs/search", search).json().path("runs")) {
        run(name, run, lines);
      }
      for (JsonNode model : server.post("logged-models/search", search).json().path("models")) {
        JsonNode data = model.path("data");
        lines.add(
            "model " + model.at("/info/name") + model.at("/info/status") + data.path("params"));
        lines.add("model metric " + data.at("/metrics/0/value") + tags(model.at("/info/tags")));
        String folder =
            model.at("/info/artifact_uri").asText().substring("mlflow-artifacts:/".length());
        lines.add("model file " + bytes(folder + "/MLmodel"));
      }
    }
    for (JsonNode version :
        server.get("model-versions/search?max_results=100").json().path("model_versions")) {
      lines.add("version " + version.path("aliases") + tags(version.path("tags")));
    }
    Collections.sort(lines);
    return lines;
  }

  private int bytes(String path) throws Exception {
    byte[] bytes = server.bytes(server.request(FILES + path)).body();
    return java.util.Arrays.hashCode(bytes);
  }

  private void run(String experiment, JsonNode run, List<String> lines) throws Exception {
    JsonNode info = run.path("info");
    String name = experiment + "/" + info.path("run_name").asText();
    lines.add(
        name
            + info.path("status")
            + info.path("start_time")
            + info.path("end_time")
            + info.path("user_id"));
    lines.add(name + run.at("/data/params") + tags(run.at("/data/tags")));
    lines.add(name + run.at("/inputs/dataset_inputs") + run.at("/outputs/model_outputs/0/step"));
    String parent = Marks.tag(run.at("/data/tags"), "mlflow.parentRunId");
    if (!parent.isEmpty()) {
      lines.add(
          name + " of " + server.get("runs/get?run_id=" + parent).json().at("/run/info/run_name"));
    }
    String id = info.path("run_id").asText();
    for (JsonNode metric : run.at("/data/metrics")) {
      String key = metric.path("key").asText();
      lines.add(
          name + server.get("metrics/get-history?run_id=" + id + "&metric_key=" + key).body());
    }
    files(name, id, "", lines);
  }

  private void files(String name, String run, String folder, List<String> lines) throws Exception {
    String at = "artifacts/list?run_id=" + run + "&path=" + MlflowServer.encoded(folder);
    JsonNode list = server.get(at).json();
    String root = list.path("root_uri").asText().substring("mlflow-artifacts:/".length());
    for (JsonNode file : list.path("files")) {
      String path = file.path("path").asText();
      if (file.path("is_dir").asBoolean()) {
        files(name, run, path, lines);
      } else {
        String encoded = MlflowServer.encoded(path).replace("%2F", "/");
        lines.add(name + " " + path + " " + bytes(root + "/" + encoded));
      }
    }
  }

  private static String tags(JsonNode tags) {
    List<String> shown = new ArrayList<>();
    for (JsonNode tag : tags) {
      String key = tag.path("key").asText();
      if (!key.startsWith("voxbench.copied") && !key.equals("mlflow.parentRunId")) {
        shown.add(key + "=" + tag.path("value").asText());
      }
    }
    Collections.sort(shown);
    return shown.toString();
  }
}
