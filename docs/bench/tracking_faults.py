"""Times a small training while its MLflow server fails in all the ways it can, against the same training without one.

    python3 docs/bench/tracking_faults.py [--voxbench ./voxbench] [--server URI] [--faults down,500,429,cut,slow,dribble,full]
                                          [--rounds N] [--iterations N] [--home DIR]

Each round trains without a tracking server of the user's and once under each fault, in turn, on the CPU; data and
preprocessing are shared. `ratio` is the time from the first to the last iteration under the fault over that without, the
medians of all rounds; `coordinator_s` is the processor time of the process that ships. With --server (any MLflow
server), each run is told to it afterwards through `voxbench tracking ship`, and its points are counted there: `points`
must equal `distinct` and `expected`. Only Python's standard library is needed. Prints one JSON line per fault.
"""
import argparse
import http.client
import http.server
import json
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


def cpu(pid):
    """Processor time of one process in seconds."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def losses(home, run):
    """Times and steps of the points of the training's loss."""
    with open(f"{home}/runs/{run}/run.json") as f:
        train = next(step for step in json.load(f)["steps"] if step["name"] == "train")
    events = f"{home}/store/train/{train['fingerprint'][:16]}/events.jsonl"
    with open(events) as f:
        points = [json.loads(line) for line in f if '"train.loss"' in line]
    return [(point["at"], point["step"]) for point in points]


def train(args, home, seed, uri):
    """Runs the experiment; seconds of training, processor seconds of the coordinator, id of the run."""
    path = f"{home}/faults.yaml"
    with open(path, "w") as f:
        f.write(EXPERIMENT.format(seed=seed, iterations=args.iterations))
        if uri:
            f.write(f'tracking: {{uri: "{uri}"}}\n')
    process = subprocess.Popen([args.voxbench, "run", path, "--home", home], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    spent = [0.0]

    def watch():
        while process.poll() is None:
            spent[0] = max(spent[0], cpu(process.pid))
            time.sleep(0.2)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    text = process.communicate()[0]
    watcher.join()
    run = next((line.split()[1].rstrip(";") for line in text.splitlines() if line.startswith("run ")), None)
    if process.returncode != 0 or run is None:
        sys.exit(text)
    points = losses(home, run)
    return (points[-1][0] - points[0][0]) / 1000, spent[0], run


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voxbench", default="./voxbench")
    parser.add_argument("--server")
    parser.add_argument("--faults", default="down,500,429,cut,slow,dribble,full")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1, help="of the first training; each later one takes the next")
    parser.add_argument("--home", help="kept; a temporary folder where none is given")
    args = parser.parse_args()
    home = args.home or tempfile.mkdtemp(prefix="tracking-faults-")
    os.makedirs(home, exist_ok=True)
    Faulty.server_uri = args.server
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Faulty)
    listener.daemon_threads = True
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{listener.server_port}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    faults, seed = args.faults.split(","), args.seed
    results = {name: [] for name in ["none", *faults]}
    for _ in range(args.rounds):
        for name in results:
            Faulty.fault = name
            uri = None if name == "none" else nobody if name == "down" else address
            results[name].append(train(args, home, seed, uri))
            seed += 1
    base = statistics.median(seconds for seconds, _, _ in results["none"])
    base_cpu = statistics.median(spent for _, spent, _ in results["none"])
    Faulty.fault = "healed"
    for name in faults:
        seconds = statistics.median(seconds for seconds, _, _ in results[name])
        line = {"fault": name, "seconds": round(seconds, 2), "without_s": round(base, 2), "ratio": round(seconds / base, 4),
                "coordinator_s": round(statistics.median(spent for _, spent, _ in results[name]), 2),
                "coordinator_without_s": round(base_cpu, 2)}
        if args.server:
            for _, _, run in results[name]:
                subprocess.run([args.voxbench, "tracking", "ship", run, "--uri", args.server, "--home", home], check=True,
                               stdout=subprocess.DEVNULL)
                line["points"], line["distinct"] = count(args.server, home, run)
                line["expected"] = len(losses(home, run))
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
