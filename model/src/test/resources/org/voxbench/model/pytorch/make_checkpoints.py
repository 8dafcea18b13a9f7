"""Makes the small genuine checkpoints beside this file: python make_checkpoints.py (torch 2.7, numpy)."""

from collections import OrderedDict
import json
import os

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
