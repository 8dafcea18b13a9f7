"""Times the published PyTorch code (github.com/Amshaker/unetr_plus_plus) the way `voxbench bench model` times ours.

    python published.py CHECKOUT [--precision float32|bfloat16] [--phase step|window] [--threads N] [--repetitions N]

CHECKOUT is the folder that holds unetr_pp/. Python needs torch, monai 0.7, timm 0.4.12 and einops; what else the
package imports (data loading, resampling) is never called here and is replaced by empty modules where absent.
Prints one JSON line per phase: {"phase", "precision", "seconds", "peak_bytes"}. The peak is the whole process's, so
each phase runs in a child process. bfloat16 is torch.autocast, which is how PyTorch users get it.
"""
import argparse
import importlib
import importlib.abc
import importlib.machinery
import json
import subprocess
import sys
import time
import types

VARIANTS = {
    "synapse": ("synapse.unetr_pp_synapse", 1, 14, [64, 128, 128]),
    "acdc": ("acdc.unetr_pp_acdc", 1, 4, [16, 160, 160]),
    "lung": ("lung.unetr_pp_lung", 1, 2, [32, 192, 192]),
    "tumor": ("tumor.unetr_pp_tumor", 4, 4, [128, 128, 128]),
}


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Empty modules for packages that are imported but not used by the network."""

    NAMES = ("batchgenerators", "scipy", "skimage", "sklearn", "SimpleITK", "medpy", "nibabel", "matplotlib", "tifffile")

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.NAMES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: None
        return module

    def exec_module(self, module):
        module.__path__ = []


def network(checkout, variant):
    sys.path.insert(0, checkout)
    # Ahead of the real ones: half-installed packages fail in ways of their own.
    sys.meta_path.insert(0, Absent())
    module, channels, classes, patch = VARIANTS[variant]
    published = importlib.import_module("unetr_pp.network_architecture." + module)
    sizes = {"img_size": patch} if variant == "synapse" else {}  # elsewhere it is a constant
    net = published.UNETR_PP(
        in_channels=channels, out_channels=classes, feature_size=16, num_heads=4,
        depths=[3, 3, 3, 3], dims=[32, 64, 128, 256], do_ds=True, **sizes)
    return net, channels, classes, patch


def step(checkout, variant, precision):
    import torch

    net, channels, classes, patch = network(checkout, variant)
    x = torch.randn(1, channels, *patch)
    target = torch.randint(0, classes, (1, *patch))
    optimizer = torch.optim.SGD(net.parameters(), 1e-4, momentum=0.99, nesterov=True, weight_decay=3e-5)

    def loss(logits, truth):
        logits = logits.float()
        p = torch.softmax(logits, 1)
        one_hot = torch.zeros_like(p).scatter_(1, truth[:, None], 1)
        axes = (0, 2, 3, 4)
        tp, fp, fn = (p * one_hot).sum(axes), (p * (1 - one_hot)).sum(axes), ((1 - p) * one_hot).sum(axes)
        dice = (2 * tp + 1e-5) / (2 * tp + fp + fn + 1e-5)
        return torch.nn.functional.cross_entropy(logits, truth) - dice[1:].mean()

    def shrunk(like):
        f = [a // b for a, b in zip(target.shape[1:], like.shape[2:])]
        return target[:, f[0] // 2::f[0], f[1] // 2::f[1], f[2] // 2::f[2]]

    def run():
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            outputs = net(x)
        total = sum(w * loss(y, shrunk(y)) for w, y in zip((4 / 7, 2 / 7, 1 / 7), outputs))
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 12)
        optimizer.step()

    return run


def window(checkout, variant, precision):
    import torch

    net, channels, _, patch = network(checkout, variant)
    net.eval()
    net.do_ds = False
    x = torch.randn(1, channels, *patch)

    def run():
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            return torch.softmax(net(x).float(), 1)

    return run


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def measure(options):
    import torch

    if options.threads:
        torch.set_num_threads(options.threads)
    run = {"step": step, "window": window}[options.phase](options.checkout, options.variant, options.precision)
    for _ in range(2):
        run()
    seconds = []
    for _ in range(options.repetitions):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"phase": options.phase, "precision": options.precision,
                      "seconds": sorted(seconds)[len(seconds) // 2], "peak_bytes": peak_bytes()}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout")
    parser.add_argument("--variant", choices=VARIANTS, default="synapse")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--phase", choices=["step", "window"])
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    if options.phase:
        measure(options)
    else:
        for phase in ("step", "window"):
            subprocess.run([sys.executable, *sys.argv, "--phase", phase], check=True)


if __name__ == "__main__":
    main()
