"""Checks and times Voxbench's TorchScript program on a GPU, beside the published PyTorch code where it is at hand.

    python gpu.py [--device cuda|cpu] [--variant synapse|acdc|lung|tumor] [--precision float32,bfloat16,float16]
                  [--checkout CHECKOUT] [--repetitions N]

Run it from a checkout of Voxbench: the program is packed from model/src/main/resources as Java packs it, and loaded by
torch.jit.load; the recorded outputs are those of model/src/test/resources. Python needs torch 2.7; with --checkout (the
folder that holds unetr_pp/) also what published.py needs. Prints one JSON line per check and per measurement; ends with
code 1 where an output is further from the recorded one than its precision allows.
"""
import argparse
import io
import json
import math
import os
import pathlib
import statistics
import sys
import time
import zipfile

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "model/src/main/resources/org/voxbench/model/program"
GOLDEN = ROOT / "model/src/test/resources/org/voxbench/model/golden"
DTYPES = {"float32": (torch.float32, 6, 1e-4), "bfloat16": (torch.bfloat16, 15, 0.03), "float16": (torch.float16, 5, 0.02)}
MASK = (1 << 64) - 1


def archive():
    """The program's text as an archive of TorchScript, with an empty instance of its class."""

    def text(value):
        return b"X" + len(value).to_bytes(4, "little") + value.encode()

    def typed(empty, name):
        return b"ctorch.jit._pickle\nrestore_type_tag\n" + empty + text(name) + b"\x86R"

    state = text("training") + b"\x89"
    state += text("weights") + typed(b"}", "Dict[str, Tensor]") + text("moments") + typed(b"]", "List[Dict[str, Tensor]]")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        out.writestr("voxbench/version", "3\n")
        out.writestr("voxbench/constants.pkl", b"\x80\x02).")
        out.writestr("voxbench/data.pkl", b"\x80\x02c__torch__\nProgram\n)\x81}(" + state + b"ub.")
        for file in sorted(PROGRAM.glob("*.py")):
            place = "__torch__.py" if file.name == "program.py" else "__torch__/" + file.name
            out.writestr("voxbench/code/" + place, file.read_text())
    data.seek(0)
    return data


def signed64(value):
    return value - (1 << 64) if value >> 63 else value


def shift(x, bits):
    return torch.bitwise_right_shift(x, bits) & ((1 << (64 - bits)) - 1)


def unit(name, size):
    """Numbers in [-1, 1) made of a name alone: FNV-1a, then SplitMix64 over a counter."""
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = ((start ^ byte) * 0x100000001B3) & MASK
    x = torch.arange(1, size + 1, dtype=torch.int64) * signed64(0x9E3779B97F4A7C15) + signed64(start)
    x = (x ^ shift(x, 30)) * signed64(0xBF58476D1CE4E5B9)
    x = (x ^ shift(x, 27)) * signed64(0x94D049BB133111EB)
    x = x ^ shift(x, 31)
    return (shift(x, 40).double() / 2**23 - 1).float()


def weight(name, shape):
    """The weights for which the outputs were recorded."""
    last = name.split(".")[-1]
    if last == "num_batches_tracked":
        return torch.tensor(0)
    u = unit(name, math.prod(shape))
    if last == "running_var":
        u = 1 + 0.5 * u.abs()
    elif last in ("temperature", "temperature2") or (last == "weight" and len(shape) == 1):
        u = 1 + 0.25 * u
    elif last == "gamma":
        u = 0.5 * u
    elif last in ("running_mean", "pos_embed", "bias"):
        u = 0.1 * u
    else:
        u = u * math.sqrt(3 / (shape[0] if "transp_conv" in name else math.prod(shape[1:])))
    return u.reshape(shape)


def weights(golden, device):
    shared = golden["variant"] == "synapse"  # F is there only a second name of E
    named = [(name, shape) for name, shape in golden["state_dict"] if not (shared and ".epa_block.F." in name)]
    return {name: weight(name, shape).to(device) for name, shape in named}


def inputs(golden, device):
    patch, channels = golden["patch"], golden["in_channels"]
    image = unit("input", channels * math.prod(patch)).reshape([1, channels] + patch)
    labels = torch.arange(math.prod(patch)).reshape([1] + patch) // 512 % golden["out_channels"]
    return image.to(device), labels.to(torch.int8).to(device)


def check(program, golden, precision, device):
    """The largest error as a share of each tensor's largest value."""
    _, code, allowed = DTYPES[precision]
    w, (image, _) = weights(golden, device), inputs(golden, device)
    good = True
    for key, training in (("eval_outputs", False), ("train_outputs_no_dropout", True)):
        with torch.no_grad():
            outputs = program.logits(w, image, code, training)
        errors = []
        for found, recorded in zip(outputs, golden[key]):
            values = found.flatten()[:: recorded["stride"]][: len(recorded["values"])].double().cpu()
            difference = (values - torch.tensor(recorded["values"], dtype=torch.float64)).abs().max()
            errors.append(float(difference) / recorded["abs_max"])
        # Batch statistics of a training pass cost half precision a little more.
        fits = max(errors) <= allowed * (2 if training else 1)
        good &= fits
        report(check=key, precision=precision, error=max(errors), allowed=allowed, good=fits)
    return good


def median(work, device, repetitions):
    def once():
        start = time.perf_counter()
        work()
        if device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    for _ in range(2):
        once()
    seconds = statistics.median(once() for _ in range(repetitions))
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else None
    return {"seconds": seconds, "peak_bytes": peak}


def ours(program, golden, precision, device, repetitions):
    _, code, _ = DTYPES[precision]
    w, (image, labels) = weights(golden, device), inputs(golden, device)
    with torch.no_grad():
        prepared = program.prepare(w, code)
        report(what="window", code="voxbench", precision=precision,
               **median(lambda: program.predict(prepared, image, code, False), device, repetitions))
        if device == "cuda":
            report(what="window, CUDA graph", code="voxbench", precision=precision,
                   **graphed(lambda: program.predict(prepared, image, code, False), repetitions))
        program.adopt(w, [{name: torch.zeros_like(w[name]) for name, _ in golden["parameters"] if name in w}])
        scale = 65536.0 if precision == "float16" else 1.0
        settings = torch.tensor([1e-4, 0.15, 0.1, 12.0, scale, 3e-5, 0.99, 0.999], dtype=torch.float64)
        options = torch.tensor([code, 1, 1, 0, 0, 5])
        report(what="step", code="voxbench", precision=precision,
               **median(lambda: program.step(image, labels, settings, options), device, repetitions))


def graphed(work, repetitions):
    """The same without the launches from the host; what cannot be captured says why."""
    try:
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            for _ in range(3):
                work()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            work()
        return median(graph.replay, "cuda", repetitions)
    except RuntimeError as e:
        return {"failed": str(e).splitlines()[0]}


def published(checkout, golden, precision, device, repetitions, last):
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import published as code

    dtype, _, _ = DTYPES[precision]
    net, _, _, _ = code.network(checkout, golden["variant"])
    image, labels = inputs(golden, device)
    layout = torch.channels_last_3d if last else torch.contiguous_format
    net, image = net.to(device, memory_format=layout), image.to(memory_format=layout)
    labels = labels.long()
    optimizer = torch.optim.SGD(net.parameters(), 1e-4, momentum=0.99, nesterov=True, weight_decay=3e-5)
    scaler = torch.amp.GradScaler(device, enabled=precision == "float16" and device == "cuda")
    name = "published" + (", channels last" if last else "")

    def network():
        with torch.autocast(device, dtype=dtype, enabled=precision != "float32"):
            return net(image)

    def loss(logits, truth):
        logits = logits.float()
        p = torch.softmax(logits, 1)
        hot = torch.zeros_like(p).scatter_(1, truth[:, None], 1)
        axes = (0, 2, 3, 4)
        both = (p * hot).sum(axes)
        dice = (2 * both + 1e-5) / (p.sum(axes) + hot.sum(axes) + 1e-5)
        return torch.nn.functional.cross_entropy(logits, truth) - dice[1:].mean()

    def shrunk(like):
        f = [a // b for a, b in zip(labels.shape[1:], like.shape[2:])]
        return labels[:, f[0] // 2::f[0], f[1] // 2::f[1], f[2] // 2::f[2]]

    def step():
        optimizer.zero_grad()
        total = sum(share * loss(y, shrunk(y)) for share, y in zip((4 / 7, 2 / 7, 1 / 7), network()))
        scaler.scale(total).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 12)
        scaler.step(optimizer)
        scaler.update()

    def window():
        with torch.no_grad():
            return torch.softmax(network().float(), 1)

    report(what="step", code=name, precision=precision, **median(step, device, repetitions))
    net.eval()
    net.do_ds = False
    report(what="window", code=name, precision=precision, **median(window, device, repetitions))


def report(**line):
    print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--variant", choices=["synapse", "acdc", "lung", "tumor"], default="synapse")
    parser.add_argument("--precision", default="float32,bfloat16,float16")
    parser.add_argument("--checkout", help="the folder that holds unetr_pp/")
    parser.add_argument("--repetitions", type=int, default=10)
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("torch %s sees no CUDA device; --device cpu shows that the script works" % torch.__version__)
    # As the program is run by Java: no specialisation to the first batches, and float32 in all its digits.
    torch._C._set_graph_executor_optimize(False)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    report(torch=torch.__version__, device=torch.cuda.get_device_name() if options.device == "cuda" else "cpu")
    golden = json.loads((GOLDEN / (options.variant + ".json")).read_text())
    program = torch.jit.load(archive(), map_location=options.device)
    good = True
    for precision in options.precision.split(","):
        good &= check(program, golden, precision, options.device)
        ours(program, golden, precision, options.device, options.repetitions)
        for last in (False, True) if options.checkout else ():
            published(options.checkout, golden, precision, options.device, options.repetitions, last)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
