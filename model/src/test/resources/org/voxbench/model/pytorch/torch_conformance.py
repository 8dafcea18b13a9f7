"""Reads what Voxbench exported with PyTorch itself: python torch_conformance.py FOLDER [CHECKOUT VARIANT].

FOLDER holds model.safetensors, model.pt, model.torchscript and image.f32 (with image.json: its shape). With a
checkout of the published UNETR++ code the weights also go through the published class. Prints one JSON object.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import struct
import sys
import unittest.mock

import torch

folder = sys.argv[1]
torch.set_num_threads(2)


def safetensors(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            yield name, entry["shape"], data[8 + length + start : 8 + length + end]


state = torch.load(folder + "/model.pt", weights_only=True)
mapped = torch.load(folder + "/model.pt", weights_only=True, mmap=True)
program = torch.jit.load(folder + "/model.torchscript")
inside = program.state_dict()
checks = {"names": [], "same_bits": True, "state_dict_names": list(inside) and sorted(inside) == sorted(state)}
for name, shape, data in safetensors(folder + "/model.safetensors"):
    checks["names"].append(name)
    for tensors in (state, mapped, inside):
        checks["same_bits"] &= list(tensors[name].shape) == shape and tensors[name].numpy().tobytes() == data
checks["order"] = checks.pop("names") == list(state)

shape = json.load(open(folder + "/image.json"))
image = torch.frombuffer(bytearray(open(folder + "/image.f32", "rb").read()), dtype=torch.float32).reshape(shape)
with torch.no_grad():
    logits = program(image)
    checks["again"] = bool((program(image) == logits).all() and (program(image) == logits).all())
    checks["type"] = str(logits.dtype)
    low = program(image.bfloat16())
    checks["bfloat16"] = float((low - logits).abs().max() / logits.abs().max())
    # A meta device has no memory: one tensor pinned to another device would stop the program.
    meta = torch.jit.load(folder + "/model.torchscript", map_location="meta")
    checks["meta"] = str(meta(image.to("meta")).shape)
    checks["parameters"] = sum(p.numel() for p in program.parameters())
logits.numpy().tofile(folder + "/logits.f32")



ABSENT = "scipy threadpoolctl skimage matplotlib SimpleITK medpy sklearn future nibabel pandas tensorboardX".split()


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for packages that the published code imports but its networks do not use."""

    def find_spec(self, name, path, target=None):
        wanted = name.split(".")[0] in ABSENT
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if wanted else None

    def create_module(self, spec):
        return unittest.mock.MagicMock(__path__=[], __spec__=spec)

    def exec_module(self, module):
        pass


if len(sys.argv) > 2:
    sys.path.insert(0, sys.argv[2])
    sys.meta_path.append(Absent())
    variant = sys.argv[3]
    code = importlib.import_module("unetr_pp.network_architecture.%s.unetr_pp_%s" % (variant, variant))
    settings = dict(in_channels=image.shape[1], out_channels=logits.shape[1], feature_size=16, num_heads=4,
                    depths=[3, 3, 3, 3], dims=[32, 64, 128, 256], do_ds=True)
    if variant in ("synapse", "tumor"):
        settings["img_size"] = list(image.shape[2:])
    try:
        network = code.UNETR_PP(**settings)
    except TypeError:
        settings.pop("img_size", None)
        network = code.UNETR_PP(**settings)
    network.load_state_dict(state)
    network.eval()
    network.do_ds = False
    with torch.no_grad():
        wanted = network(image)
    checks["published"] = float((wanted - logits).abs().max() / wanted.abs().max())
    checks["published_parameters"] = sum(p.numel() for p in network.parameters() if p.requires_grad)
print(json.dumps(checks))
