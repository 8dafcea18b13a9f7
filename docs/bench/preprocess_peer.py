#!/usr/bin/env python3
"""Measures nnU-Net's resample_patient and nibabel's reading on one scan, as `voxbench bench preprocess` measures ours.

    python preprocess_peer.py --code UNETR_PP_CHECKOUT/unetr_pp/preprocessing/preprocessing.py \
        --image IMAGE.nii.gz --label LABEL.nii.gz [--voxbench ../../voxbench]

Needs numpy, scipy, scikit-image and nibabel. The functions are taken from the given file, so that nnU-Net's own code
runs; of its imports only resize_segmentation of batchgenerators is replaced, by the same calls of scikit-image. With
--voxbench ours is measured in the same run and the ratios are printed. Peaks are the resident memory that reading
and resampling add to a process of their own.
"""
import argparse
import ast
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import OrderedDict

RUNS = 3
WANTED = {"get_do_separate_z", "get_lowres_axis", "resample_patient", "resample_data_or_seg"}


def resize_segmentation(segmentation, new_shape, order=3, cval=0):
    import numpy as np
    from skimage.transform import resize

    resized = np.zeros(new_shape, dtype=segmentation.dtype)
    for label in np.unique(segmentation):
        mask = (segmentation == label).astype(float)
        share = resize(mask, new_shape, order, mode="edge", clip=True, anti_aliasing=False)
        resized[share >= 0.5] = label
    return resized


def peer_functions(path):
    import numpy as np
    from scipy.ndimage import map_coordinates
    from skimage.transform import resize

    tree = ast.parse(open(path).read())
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in WANTED]
    found = {node.name for node in tree.body}
    if found != WANTED:
        sys.exit(f"{path}: expected nnU-Net's preprocessing.py with {sorted(WANTED)} but found {sorted(found)}")
    names = dict(np=np, OrderedDict=OrderedDict, resize=resize, map_coordinates=map_coordinates,
                 resize_segmentation=resize_segmentation, RESAMPLING_SEPARATE_Z_ANISO_THRESHOLD=3,
                 print=lambda *_: None)
    exec(compile(tree, path, "exec"), names)
    return names


def read(path):
    import nibabel
    import numpy as np

    image = nibabel.load(path)
    voxels = np.ascontiguousarray(np.asarray(image.dataobj, dtype=np.float32).T)[None]
    return voxels, [float(size) for size in image.header.get_zooms()[2::-1]]


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def resampled(options, target):
    functions = peer_functions(options.code)
    read_nothing = resident()
    data, spacing = read(options.image)
    labels, _ = read(options.label)
    target = [spacing[0], 1.9, 1.9] if target == "to_1_9" else [1.5, 1.5, 1.5]
    seconds = []
    for _ in range(1 if options.once else RUNS):
        start = time.perf_counter()
        functions["resample_patient"](data, labels, spacing, target, 3, 1, force_separate_z=None,
                                      order_z_data=0, order_z_seg=0)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - read_nothing
    return {"seconds": statistics.median(seconds), "peak_bytes": peak}


def reading(options):
    seconds = []
    for run in range(-3, 5 * RUNS):
        start = time.perf_counter()
        read(options.image)
        read(options.label)
        if run >= 0:
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def child(arguments):
    return json.loads(subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", required=True, help="nnU-Net's preprocessing.py, as in UNETR++'s repository")
    parser.add_argument("--image", required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--voxbench", help="the launcher; measures ours too")
    parser.add_argument("--only", choices=["to_1_9", "to_1_5", "reading"], help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(reading(options) if options.only == "reading" else resampled(options, options.only)))
        return
    same = ["--code", options.code, "--image", options.image, "--label", options.label]
    result = {"peer": {}}
    if options.voxbench:
        ours = [options.voxbench, "bench", "preprocess", "--image", options.image, "--label", options.label, "--json"]
        result["voxbench"] = json.loads(subprocess.run(ours, check=True, capture_output=True).stdout)
    for target in ("to_1_9", "to_1_5"):
        result["peer"][target] = child(same + ["--only", target])
        result["peer"][target]["peak_bytes"] = child(same + ["--only", target, "--once"])["peak_bytes"]
    result["peer"]["read_seconds"] = child(same + ["--only", "reading"])
    if options.voxbench:
        peer, mine = result["peer"], result["voxbench"]
        result["ratio"] = {
            "seconds_to_1_9": peer["to_1_9"]["seconds"] / mine["to_1_9"]["seconds"],
            "seconds_to_1_5": peer["to_1_5"]["seconds"] / mine["to_1_5"]["seconds"],
            "peak_to_1_9": mine["to_1_9"]["peak_bytes"] / peer["to_1_9"]["peak_bytes"],
            "peak_to_1_5": mine["to_1_5"]["peak_bytes"] / peer["to_1_5"]["peak_bytes"],
            "reading": peer["read_seconds"] / mine["read_seconds"],
        }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
