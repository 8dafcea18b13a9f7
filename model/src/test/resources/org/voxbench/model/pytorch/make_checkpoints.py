"""Makes the small genuine checkpoints beside this file: python make_checkpoints.py (torch 2.7, numpy)."""

from collections import OrderedDict
import json
import os
import pickle

import numpy as np
import torch

torch.manual_seed(7)


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv3d(1, 2, 3, bias=False)
        self.norm = torch.nn.BatchNorm3d(2)
        self.first = torch.nn.Linear(5, 3)
        self.second = self.first  # shared, as the token projections of the published networks
        self.gamma = torch.nn.Parameter(torch.randn(4))


def trained():
    """A checkpoint as the published trainer writes it, after two steps."""
    network = Small()
    optimizer = torch.optim.SGD(network.parameters(), 1e-2, momentum=0.99, weight_decay=3e-5, nesterov=True)
    for _ in range(2):
        optimizer.zero_grad()
        y = network.norm(network.conv(torch.randn(2, 1, 5, 5, 5)))
        (y.pow(3).mean() + network.first(torch.randn(2, 5)).sum() + network.gamma.pow(2).sum()).backward()
        optimizer.step()
    losses = [np.mean(np.array([0.25, 0.5], dtype=np.float32)), np.mean([0.125])]
    return network, {
        "epoch": 1000,
        "state_dict": network.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "lr_scheduler_state_dict": None,
        "plot_stuff": (losses, losses, [], [np.array([0.5, 0.75]), 3.5]),
        "best_stuff": (None, np.float64(0.5), losses[0]),
        "amp_grad_scaler": {"scale": 65536.0, "growth_factor": 2.0, "backoff_factor": 0.5,
                            "growth_interval": 2000, "_growth_tracker": 0},
    }


class Malicious:
    def __reduce__(self):
        return os.system, ("touch executed",)


network, checkpoint = trained()
state = checkpoint["state_dict"]
torch.save(checkpoint, "published.model")
torch.save(checkpoint, "published-legacy.model", _use_new_zipfile_serialization=False)
torch.save(OrderedDict(("module." + name, tensor) for name, tensor in state.items()), "parallel.pt")
torch.save(checkpoint, "protocol4.model", pickle_protocol=4)
torch.save({name: torch.nn.Parameter(t) if t.is_floating_point() else t for name, t in state.items()}, "parameters.pt")
wide = torch.arange(24.0).reshape(2, 3, 4)
torch.save({
    "double": torch.tensor([0.1, -2.0], dtype=torch.float64),
    "half": torch.tensor([0.1, -2.0, 6e-8, 65504.0, float("inf")], dtype=torch.float16),
    "brain": torch.tensor([0.1, -2.0], dtype=torch.bfloat16),
    "turned": wide.permute(2, 0, 1),
    "window": wide[1, 1:, 2:],
    "repeated": torch.tensor([[1.5]]).expand(2, 3),
    "counter": torch.tensor(7),
    "empty": torch.zeros(0, 3),
}, "types.pt")
torch.save({"state_dict": state, "best_stuff": Malicious()}, "malicious.model")
torch.save({"state_dict": state, "best_stuff": Malicious()}, "malicious-legacy.model",
           _use_new_zipfile_serialization=False)
torch.jit.script(torch.nn.Linear(2, 2)).save("program.pt")
with open("expected.json", "w") as out:
    json.dump({name: {"shape": list(t.shape), "values": t.double().flatten().tolist()} for name, t in state.items()}, out)


def plans():
    """What a published training writes beside a checkpoint, in nnU-Net's types."""
    spacing = np.array([3.0, 0.7578124403953552, 0.7578124403953552])
    stage = {"batch_size": 2, "num_pool_per_axis": [3, 5, 5], "patch_size": np.array([64, 128, 128]),
             "median_patient_size_in_voxels": np.array([148, 512, 512]), "current_spacing": spacing,
             "original_spacing": spacing, "do_dummy_2D_data_aug": True,
             "pool_op_kernel_sizes": [[2, 2, 2]] * 4, "conv_kernel_sizes": [[3, 3, 3]] * 5}
    coarse = dict(stage, current_spacing=spacing * 2, patch_size=np.array([80, 160, 160]))
    intensity = {"median": 96.0, "mean": np.float64(82.95177), "sd": np.float64(136.94818), "mn": -1024.0, "mx": 2914.0,
                 "percentile_99_5": np.float64(326.0), "percentile_00_5": np.float64(-958.0)}
    return {
        "num_stages": 2, "num_modalities": 1, "modalities": {0: "CT"}, "normalization_schemes": OrderedDict([(0, "CT")]),
        "dataset_properties": {
            "all_sizes": [(147, 512, 512)], "all_spacings": [np.array([3.0, 0.66796875, 0.66796875])],
            "all_classes": [1, 10, 11], "modalities": {0: "CT"},
            "intensityproperties": OrderedDict([(0, dict(intensity, local_props=OrderedDict()))]),
            "size_reductions": OrderedDict([("img0001", np.float64(1.0))])},
        "list_of_npz_files": ["img0001.npz"], "original_spacings": [spacing], "original_sizes": [(147, 512, 512)],
        "num_classes": 13, "all_classes": [1, 10, 11, 12, 13, 2, 3, 4, 5, 6, 7, 8, 9], "base_num_features": 32,
        "use_mask_for_norm": OrderedDict([(0, False)]), "keep_only_largest_region": None, "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2], "data_identifier": "unetr_pp_Data_plans_v2.1", "conv_per_stage": 2,
        "plans_per_stage": {0: coarse, 1: stage}, "preprocessor_name": "GenericPreprocessor"}


for protocol in (2, 4):
    with open("plans%d.model.pkl" % protocol, "wb") as out:
        pickle.dump(OrderedDict(init=("plans.pkl", 0, "out", True, 1), name="unetr_pp_trainer_synapse",
                                **{"class": "<class 'unetr_pp_trainer_synapse'>", "plans": plans()}), out, protocol)
