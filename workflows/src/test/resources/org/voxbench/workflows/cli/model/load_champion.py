"""Loads what a run logged with MLflow's own client, and compares it with the run's files.

python load_champion.py HOME JAVA CLASSPATH PREDICT_PATCH: the last three say how Java predicts a patch.
"""
import glob
import json
import math
import os
import struct
import subprocess
import sys
import tempfile

import mlflow
import mlflow.pytorch
import torch

model = mlflow.pytorch.load_model("models:/phantom-ct@champion")
state = model.state_dict()

(file,) = glob.glob(sys.argv[1] + "/store/checkpoint/*/output/model.safetensors")
with open(file, "rb") as f:
    header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
    body = f.read()
header.pop("__metadata__", None)
same = 0
for name, tensor in header.items():
    begin, end = tensor["data_offsets"]
    kind = {"F32": torch.float32, "I64": torch.int64}[tensor["dtype"]]
    published = torch.frombuffer(bytearray(body[begin:end]), dtype=kind)
    assert torch.equal(published, state[name].cpu().flatten()), name
    same += 1
assert same == len(state), (same, len(state), len(header))

checkpoint = os.path.dirname(file)
with tempfile.TemporaryDirectory() as folder:
    found = folder + "/probabilities.f32"
    subprocess.run([sys.argv[2], "-cp", sys.argv[3], sys.argv[4], checkpoint, sys.argv[1] + "/natives", found], check=True)
    java = torch.frombuffer(bytearray(open(found, "rb").read()), dtype=torch.float32)
network = json.load(open(checkpoint + "/network.json"))["network"]
shape = [1, network["inChannels"], *network["patch"]]
patch = torch.sin(torch.arange(math.prod(shape), dtype=torch.float64)).float().reshape(shape)
model.eval()
with torch.no_grad():
    python = torch.softmax(model(patch), 1).flatten()
assert java.std() > 0.01, java.std()
difference = float((java - python).abs().max())
assert java.shape == python.shape and difference < 1e-5, difference

experiment = mlflow.set_experiment("tiny")
(run,) = mlflow.search_runs([experiment.experiment_id], output_format="list")
table = mlflow.load_table("evaluate/cases.json", run_ids=[run.info.run_id])
assert set(table["case"]) == {"phantom_002"} and len(table) == 5, table
contexts = {i.tags[0].value: i.dataset.digest for i in run.inputs.dataset_inputs}
assert set(contexts) == {"training", "validation"}, contexts
assert len(set(contexts.values())) == 2, contexts
assert "system/system_memory_usage_megabytes" in run.data.metrics
print("champion loaded", same, "tensors; largest difference of probabilities", difference)
