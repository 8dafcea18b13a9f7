"""Times a small training while its MLflow server fails in all the ways it can, against the same training without one.

    python3 docs/bench/tracking_faults.py [--voxbench ./voxbench] [--faults down,500,429,cut,slow,dribble,full,restart]
                                          [--rounds N] [--iterations N] [--home DIR] [--results FILE]
                                          [--server URI] [--full-server URI --full-disk DIR]

Every training under a fault has a neighbour without a tracking server of the user's, before it or behind it in turn
(A B, B A, ...), on the CPU; data and preprocessing are shared. Compared is what lies between one of the first iterations
and the last. One JSON line per fault says:

    time                   seconds under the fault over those of its neighbour: [geometric mean of all pairs, low, high],
                           the bounds of a 95 % interval; the spread is estimated from the pairs of all faults together
    processors             the same of the processor time of worker and coordinator, which other programs change less
    coordinator            processor seconds of the process that ships, per second of training; coordinator_without, too
    verdict_cost           whether that process takes 3 % of one processor more than without the fault: the most that training
                           can lose by it where it uses all processors, and steadier than any time on a shared machine
    verdict                "below 3 %" or "above 3 %" where the interval says so, else "open": more rounds settle it;
                           verdict_processors says the same of the processor time

--results keeps each training in a file, so that a measurement may be made in several sittings; --rounds 0 judges it again.
With --server (any MLflow server), what the fault lets through is forwarded to it, each run is told to it afterwards by
`voxbench tracking ship`, and its points are counted there: `points` must equal `distinct` and `expected`.

`full` is an answer that says so, or a disk that is: start a server in a small file system of its own, which is gone with it,

    unshare -m sh -c 'mount -t tmpfs -o size=64m tmpfs /mnt && exec ./voxbench serve --home /mnt/home --port 5055'

and name it: --full-server http://127.0.0.1:5055 --full-disk /proc/PID/root/mnt. The disk is filled before the training and
has room again afterwards; then the points are counted. Only Python's standard library is needed.
"""
import argparse
import http.client
import http.server
import json
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

EXPERIMENT = """name: faults
seed: {seed}
dataset:
  name: phantom-ct
  modalities: [CT]
  labels: {{1: liver, 2: spleen, 3: kidney, 4: aorta, 5: vessel}}
  split: {{kind: listed, validation: [phantom_002]}}
  source: {{kind: phantom, anatomy: ct-abdomen, cases: 2, seed: 20}}
train:
  network: {{variant: nano, dropout: false}}
  epochs: 1
  iterationsPerEpoch: {iterations}
  batch: 2
  optimizer: {{kind: adamw, learningRate: 0.002}}
  validation: {{every: 1, batches: 1}}
evaluate: {{overlap: 0.5, mirror: false}}
"""


# Of Student's distribution, two-sided 95 %, by degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131]
# Iterations at the start that are not compared: libtorch and the JVM settle.
SETTLE = 8


class Faulty(http.server.BaseHTTPRequestHandler):
    """Forwards to a server, or to nobody, with one fault."""

    protocol_version = "HTTP/1.1"
    fault, server = "none", None

    def log_message(self, *_):
        pass

    def forward(self, body):
        if self.server_uri is None:
            return 503, b"{}", {}
        target = urllib.parse.urlsplit(self.server_uri)
        peer = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        kept = {k: v for k, v in self.headers.items() if k.lower() in ("content-type", "authorization", "repr-digest")}
        peer.request(self.command, self.path, body, kept)
        answer = peer.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            if name.lower() in ("content-type", "repr-digest"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = Faulty.fault
        try:
            if fault in ("500", "429"):
                self.reply(int(fault), b'{"error_code": "INTERNAL_ERROR", "message": "broken"}')
            elif fault == "full":
                self.reply(500, b'{"error_code": "INTERNAL_ERROR", "message": "[Errno 28] No space left on device"}')
            elif fault == "cut":
                self.forward(body)
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            elif fault == "dribble":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while Faulty.fault == "dribble":
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.5)
            else:
                if fault == "slow":
                    time.sleep(5)
                self.reply(*self.forward(body))
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


class Listener:
    """Where Faulty listens; may be closed and opened again on the same port."""

    def __init__(self):
        self.port = 0
        self.open()

    def open(self):
        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Faulty)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def restart_until(self, done):
        """Stopped for three seconds, there for three seconds, in turn."""
        while not done.is_set():
            self.close()
            done.wait(3)
            self.open()
            done.wait(3)


def cpu(pid):
    """Processor time of one process in seconds; None where it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return None


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            some = {int(child) for child in f.read().split()}
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as f:
                some |= {int(child) for child in f.read().split()}
        return some
    except OSError:
        return set()


class Meter:
    """Processor time of a process and of its children, sampled."""

    def __init__(self, process):
        self.process, self.own, self.workers = process, [], {}
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while self.process.poll() is None:
            at = time.time()
            own = cpu(self.process.pid)
            if own is not None:
                self.own.append((at, own))
            for child in children(self.process.pid):
                spent = cpu(child)
                if spent is not None:
                    self.workers.setdefault(child, []).append((at, spent))
            time.sleep(0.2)

    @staticmethod
    def at(samples, when):
        before = [sample for sample in samples if sample[0] <= when][-1:]
        after = [sample for sample in samples if sample[0] > when][:1]
        if not before or not after:
            return (before or after)[0][1]
        (t0, c0), (t1, c1) = before[0], after[0]
        return c0 + (c1 - c0) * (when - t0) / (t1 - t0)

    def between(self, begin, end):
        """Seconds of the process itself, and of the child that worked most."""
        self.thread.join()
        spent = [self.at(samples, end) - self.at(samples, begin) for samples in self.workers.values()]
        return self.at(self.own, end) - self.at(self.own, begin), max(spent, default=0.0)


def losses(home, run):
    """Times and steps of the points of the training's loss."""
    with open(f"{home}/runs/{run}/run.json") as f:
        train = next(step for step in json.load(f)["steps"] if step["name"] == "train")
    events = f"{home}/store/train/{train['fingerprint'][:16]}/events.jsonl"
    with open(events) as f:
        points = [json.loads(line) for line in f if '"train.loss"' in line]
    return [(point["at"], point["step"]) for point in points]


def train(args, home, seed, uri):
    """Runs the experiment once and measures its training."""
    path = f"{home}/faults.yaml"
    with open(path, "w") as f:
        f.write(EXPERIMENT.format(seed=seed, iterations=args.iterations))
        if uri:
            f.write(f'tracking: {{uri: "{uri}"}}\n')
    process = subprocess.Popen([args.voxbench, "run", path, "--home", home], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    meter = Meter(process)
    text = process.communicate()[0]
    run = next((line.split()[1].rstrip(";") for line in text.splitlines() if line.startswith("run ")), None)
    if process.returncode != 0 or run is None:
        sys.exit(text)
    points = losses(home, run)
    begin, end = points[SETTLE][0] / 1000, points[-1][0] / 1000
    own, worker = meter.between(begin, end)
    return {"seed": seed, "seconds": round(end - begin, 3), "coordinator": round(own, 3), "worker": round(worker, 3),
            "processors": round(own + worker, 3), "run": run, "iterations": len(points) - 1 - SETTLE}


def count(server, home, run):
    """Points of the loss on the server, all and distinct."""
    def call(path, body=None):
        request = urllib.request.Request(f"{server}/api/2.0/mlflow/{path}", json.dumps(body).encode() if body else None,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    experiment = call("experiments/get-by-name?experiment_name=faults")["experiment"]["experiment_id"]
    home_tag = os.path.abspath(home)
    runs = call("runs/search", {"experiment_ids": [experiment], "max_results": 100,
                                "filter": f"attributes.run_name = '{run}' and tags.`voxbench.home` = '{home_tag}'"})
    assert len(runs["runs"]) == 1, f"{run} is there {len(runs['runs'])} times"
    history = call(f"metrics/get-history?metric_key=train.loss&run_id={runs['runs'][0]['info']['run_id']}")["metrics"]
    return len(history), len({(point.get("step"), point["timestamp"], point["value"]) for point in history})


def fill(folder):
    """Leaves no room at all."""
    with open(f"{folder}/ballast", "wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while ballast.write(b"x" * size) == size:
                    pass
            except OSError:
                pass


def ratios(pairs, what):
    return [math.log(under[what] / without[what]) for under, without in pairs]


def spread(results, what):
    """Standard deviation of one pair, from how the pairs of each fault differ, and its degrees of freedom."""
    off = [one - statistics.fmean(logs) for logs in (ratios(pairs, what) for pairs in results.values()) for one in logs]
    freedom = len(off) - len(results)
    return (math.sqrt(sum(one * one for one in off) / freedom) if freedom else math.inf), freedom


def interval(results, fault, what):
    """Geometric mean of the ratios of a fault's pairs, and its 95 % interval."""
    logs = ratios(results[fault], what)
    mean = statistics.fmean(logs)
    deviation, freedom = spread(results, what)
    half = STUDENT[min(max(freedom, 1), len(STUDENT)) - 1] * deviation / math.sqrt(len(logs))
    return [round(math.exp(x), 4) if abs(x) < 1 else None for x in (mean, mean - half, mean + half)]


def judged(fault, results):
    pairs = results[fault]
    time_ratio = interval(results, fault, "seconds")
    work_ratio = interval(results, fault, "processors")
    share = [statistics.fmean(one["coordinator"] / one["seconds"] for one in side) for side in zip(*pairs)]

    def verdict(low, high):
        return "below 3 %" if high and high < 1.03 else "above 3 %" if low and low > 1.03 else "open"

    return {"fault": fault, "pairs": len(pairs), "time": time_ratio, "processors": work_ratio,
            "coordinator": round(share[0], 4), "coordinator_without": round(share[1], 4),
            "verdict_cost": "below 3 %" if share[0] - share[1] < 0.03 else "above 3 %",
            "seconds": round(statistics.median(p[0]["seconds"] for p in pairs), 2),
            "verdict": verdict(*time_ratio[1:]), "verdict_processors": verdict(*work_ratio[1:])}


def read(path):
    """All trainings kept so far, by fault, as pairs."""
    results = {}
    if path and os.path.exists(path):
        with open(path) as f:
            for line in f:
                pair = json.loads(line)
                results.setdefault(pair["fault"], []).append((pair["under"], pair["without"]))
    for pairs in results.values():
        for pair in pairs:
            for one in pair:
                one["processors"] = one["worker"] + one["coordinator"]
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voxbench", default="./voxbench")
    parser.add_argument("--server")
    parser.add_argument("--full-server")
    parser.add_argument("--full-disk")
    parser.add_argument("--faults", default="down,500,429,cut,slow,dribble,full,restart")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--home", help="kept; a temporary folder where none is given")
    parser.add_argument("--results", help="kept, and added to")
    args = parser.parse_args()
    home = args.home or tempfile.mkdtemp(prefix="tracking-faults-")
    os.makedirs(home, exist_ok=True)
    Faulty.server_uri = args.server
    listener = Listener()
    address = f"http://127.0.0.1:{listener.port}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"

    def under(name, seed):
        """One training under a fault."""
        Faulty.fault = name
        if name == "full" and args.full_server:
            fill(args.full_disk)
            return train(args, home, seed, args.full_server)
        ended = threading.Event()
        restarts = threading.Thread(target=listener.restart_until, args=(ended,))
        if name == "restart":
            restarts.start()
        try:
            return train(args, home, seed, nobody if name == "down" else address)
        finally:
            ended.set()
            if name == "restart":
                restarts.join()

    seed = time.time_ns() // 1000 % 10**9
    results = read(args.results)
    faults = args.faults.split(",") if args.rounds else list(results)
    for i in range(args.rounds):
        for name in faults:
            pair = {}
            for side in ("without", "under") if i % 2 == 0 else ("under", "without"):
                seed += 1
                pair[side] = under(name, seed) if side == "under" else train(args, home, seed, None)
            results.setdefault(name, []).append((pair["under"], pair["without"]))
            if args.results:
                with open(args.results, "a") as f:
                    f.write(json.dumps({"fault": name, **pair}) + "\n")
            if name == "full" and args.full_disk:
                os.remove(f"{args.full_disk}/ballast")
    Faulty.fault = "healed"
    for name in faults:
        line = judged(name, results)
        server = args.full_server if name == "full" and args.full_server else args.server
        for pair, _ in results[name][-args.rounds:] if server and args.rounds else []:
            subprocess.run([args.voxbench, "tracking", "ship", pair["run"], "--uri", server, "--home", home], check=True,
                           stdout=subprocess.DEVNULL)
            points, distinct = count(server, home, pair["run"])
            line["points"] = line.get("points", 0) + points
            line["distinct"] = line.get("distinct", 0) + distinct
            line["expected"] = line.get("expected", 0) + len(losses(home, pair["run"]))
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
