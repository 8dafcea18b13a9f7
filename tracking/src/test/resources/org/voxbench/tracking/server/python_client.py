"""MLflow's Python client against the server named on the command line; stops at the first failure."""

import math
import os
import pathlib
import sys

os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

checks = 0


def check(name, holds):
    global checks
    checks += 1
    if not holds:
        sys.exit("FAILED: " + name)


mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient(sys.argv[1])
mlflow.set_experiment("python")
with mlflow.start_run(run_name="first") as active:
    run_id = active.info.run_id
    mlflow.log_param("a", 1)
    mlflow.log_params({"b": 2, "c": "x"})
    mlflow.log_metric("m", 0.5, step=1)
    mlflow.log_metrics({"m": 0.25, "nan": float("nan")}, step=2)
    mlflow.log_metric("inf", float("inf"))
    mlflow.set_tag("t", "v")
    mlflow.set_tags({"u": "w"})
    mlflow.log_text("hello", "folder/hello.txt")
    mlflow.log_dict({"x": 1}, "d.json")
    with mlflow.start_run(nested=True):
        mlflow.log_metric("child", 1)
    for step in range(20):
        mlflow.log_metric("async", step, step=step, synchronous=False)
    mlflow.flush_async_logging()

run = client.get_run(run_id)
experiment = run.info.experiment_id
check("status", run.info.status == "FINISHED")
check("params", run.data.params == {"a": "1", "b": "2", "c": "x"})
check("latest", run.data.metrics["m"] == 0.25)
check("nan", math.isnan(run.data.metrics["nan"]))
check("infinity", run.data.metrics["inf"] == float("inf"))
check("async", len(client.get_metric_history(run_id, "async")) == 20)
check("tags", run.data.tags["t"] == "v" and run.data.tags["mlflow.runName"] == "first")
check("list", [file.path for file in client.list_artifacts(run_id)] == ["d.json", "folder"])
check("list folder", client.list_artifacts(run_id, "folder")[0].path == "folder/hello.txt")
folder = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="folder")
check("download", (pathlib.Path(folder) / "hello.txt").read_text() == "hello")
try:
    client.log_param(run_id, "a", 2)
    check("changed param", False)
except mlflow.exceptions.MlflowException as refused:
    check("changed param", refused.error_code == "INVALID_PARAMETER_VALUE")

client.log_batch(
    run_id,
    [Metric("big", i, i, i) for i in range(2500)],
    [Param(f"p{i}", str(i)) for i in range(100)],
    [RunTag(f"t{i}", "x") for i in range(100)],
)
check("batch", len(client.get_metric_history(run_id, "big")) == 2500)
found = client.search_runs([experiment], "metrics.m < 0.3 and params.a = '1'", order_by=["metrics.m"])
check("search", [item.info.run_id for item in found] == [run_id])
for _ in range(4):
    client.create_run(experiment)
page = client.search_runs([experiment], max_results=4)
seen = len(page)
while page.token:
    page = client.search_runs([experiment], max_results=4, page_token=page.token)
    seen += len(page)
check("pages", seen == 6)
client.log_inputs(
    run_id,
    [DatasetInput(Dataset("ds", "dg", "local", "{}"), [InputTag("mlflow.data.context", "train")])],
)
check("inputs", client.get_run(run_id).inputs.dataset_inputs[0].dataset.name == "ds")
client.delete_tag(run_id, "t")
check("delete tag", "t" not in client.get_run(run_id).data.tags)
client.delete_run(run_id)
check("delete run", client.get_run(run_id).info.lifecycle_stage == "deleted")
client.restore_run(run_id)
with mlflow.start_run(run_id=run_id):
    mlflow.log_metric("again", 1)
check("resume", client.get_run(run_id).data.metrics["again"] == 1)
client.rename_experiment(experiment, "renamed")
client.set_experiment_tag(experiment, "team", "ct")
check("rename", client.get_experiment_by_name("renamed").tags["team"] == "ct")
check("experiments", len(client.search_experiments(filter_string="name LIKE 'renam%'")) == 1)
client.delete_experiment(experiment)
check("delete experiment", client.get_run(run_id).info.lifecycle_stage == "deleted")
print(checks, "checks passed, mlflow", mlflow.__version__)
