"""Times the iterations of one quickstart training while its MLflow server fails in all the ways it can, and while it does not.

    python3 docs/bench/tracking_faults.py --server URI [--disk DIR] [--voxbench ./voxbench] [--home DIR]
                                          [--faults down,500,429,cut,slow,dribble,restart,full] [--rounds N] [--block SECONDS]

The training's server is a proxy of this script before URI (any MLflow server, `voxbench serve` too). It lets requests through for a
block of time, fails in one way for a block, lets them through again, fails in the next way, and so on: every block of a fault
has neighbours without one, seconds away in the same process, so that what the machine does meanwhile is in both. An iteration counts
for the block in which it lies wholly. One JSON line per fault, and one for all, says:

    time           seconds of an iteration under the fault over those of both neighbours: [geometric mean of all blocks, low, high],
                   the bounds of a 95 % interval; the spread is estimated from the blocks of all faults together
    verdict        "below 3 %" or "above 3 %" where the interval says so, else "open": more rounds settle it
    coordinator    processor seconds, per second, of the process that ships; coordinator_without: the same without a fault
    failed         requests that met the fault; of a server that is down none

and a last line, when all was sent: `points` of the training's loss on the server, how many `distinct`, and how many were `expected`.

`full` answers as a server without room does; with --disk, the folder's file system is filled and emptied instead. Give it to a
server of its own, which is gone with it:

    unshare -m sh -c 'mount -t tmpfs -o size=256m tmpfs /mnt && exec ./voxbench serve --home /mnt/home --port 5055' &
    MLFLOW_TRACKING_TOKEN=$(cat /proc/$!/root/mnt/home/token) \\
        python3 docs/bench/tracking_faults.py --server http://127.0.0.1:5055 --disk /proc/$!/root/mnt

Give it nothing else to do meanwhile: blocks next to each other are alike only on a machine that is.

Only Python's standard library is needed.
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

# Of Student's distribution, two-sided 95 %, by degrees of freedom; the last for all above.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12]
# Iterations at the start that are not compared: libtorch and the JVM settle.
SETTLE = 8
NONE = "none"


class Faulty(http.server.BaseHTTPRequestHandler):
    """Forwards to a server, with one fault at a time."""

    protocol_version = "HTTP/1.1"
    fault, server_uri, disk, failed, connections = NONE, None, None, {}, set()

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        Faulty.connections.add(self.connection)

    def finish(self):
        Faulty.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass  # it was cut

    def forward(self, body):
        target = urllib.parse.urlsplit(self.server_uri)
        peer = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        kept = {k: v for k, v in self.headers.items() if k.lower() in ("content-type", "authorization", "repr-digest", "content-range")}
        peer.request(self.command, self.path, body, kept)
        answer = peer.getresponse()
        read = answer.status, answer.read(), dict(answer.getheaders())
        peer.close()
        return read

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            if name.lower() in ("content-type", "repr-digest", "range", "location"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = Faulty.fault
        Faulty.failed[fault] = Faulty.failed.get(fault, 0) + 1
        try:
            if fault in ("500", "429"):
                self.reply(int(fault), b'{"error_code": "INTERNAL_ERROR", "message": "broken"}')
            elif fault == "full" and not Faulty.disk:
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
                self.close_connection = True
            else:
                if fault == "slow":
                    time.sleep(5)
                self.reply(*self.forward(body))
        except (OSError, http.client.HTTPException):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


class Listener:
    """Where Faulty listens; may be closed and opened again on the same port."""

    def __init__(self):
        self.port, self.server = 0, None
        self.open()

    def open(self):
        if self.server is None:
            http.server.ThreadingHTTPServer.allow_reuse_address = True
            self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Faulty)
            self.server.daemon_threads = True
            self.server.handle_error = lambda *_: None  # connections that were cut
            self.port = self.server.server_port
            threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
            for connection in list(Faulty.connections):
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def cpu(pid):
    """Processor time of one process in seconds."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fill(folder):
    """Leaves no room at all."""
    with open(f"{folder}/ballast", "wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while ballast.write(b"x" * size) == size:
                    pass
            except OSError:
                pass


def empty(folder):
    try:
        os.remove(f"{folder}/ballast")
    except FileNotFoundError:
        pass


class Switch:
    """Puts one fault after the other on the proxy, with a block of none between two."""

    def __init__(self, listener, process, block):
        self.listener, self.process, self.block = listener, process, block
        self.blocks = []  # (fault, begin, end, processor seconds of the coordinator)

    def through(self, faults):
        for fault in [NONE] + [one for each in faults for one in (each, NONE)]:
            begin, spent = time.time(), cpu(self.process.pid)
            self.set(fault)
            if not self.hold(fault, begin + self.block):
                return
            self.blocks.append((fault, begin, time.time(), cpu(self.process.pid) - spent))

    def set(self, fault):
        Faulty.fault = fault
        if Faulty.disk:
            fill(Faulty.disk) if fault == "full" else empty(Faulty.disk)
        self.listener.close() if fault == "down" else self.listener.open()

    def hold(self, fault, until):
        """Waits; a server that is restarted is away for two seconds and there for two."""
        while time.time() < until:
            try:
                self.process.wait(min(2, max(0.01, until - time.time())))
                return False
            except subprocess.TimeoutExpired:
                if fault == "restart":
                    self.listener.close() if self.listener.server else self.listener.open()
        return True


def losses(home, run):
    """Times in seconds of the points of the training's loss."""
    with open(f"{home}/runs/{run}/run.json") as f:
        train = next(step for step in json.load(f)["steps"] if step["name"] == "train")
    with open(f"{home}/store/train/{train['fingerprint'][:16]}/events.jsonl") as f:
        return [json.loads(line)["at"] / 1000 for line in f if '"train.loss"' in line]


def seconds(points, block):
    """Mean seconds of the iterations that lie wholly in a block."""
    _, begin, end, _ = block
    inside = [after - before for before, after in zip(points, points[1:]) if begin <= before and after <= end]
    return statistics.fmean(inside) if inside else None


def ratios(points, blocks):
    """By fault: logarithms of an iteration's time over that of the blocks before and behind."""
    logs = {}
    for before, under, behind in zip(blocks, blocks[1:], blocks[2:]):
        times = [seconds(points, block) for block in (before, under, behind)]
        if under[0] != NONE and all(times):
            logs.setdefault(under[0], []).append(math.log(times[1] / statistics.fmean((times[0], times[2]))))
    return logs


def judged(name, faults, logs, blocks):
    """A line on some faults together."""
    off = [one - statistics.fmean(some) for some in logs.values() for one in some]
    freedom = max(len(off) - len(logs), 1)
    some = [one for fault in faults for one in logs[fault]]
    half = (STUDENT[min(freedom, len(STUDENT)) - 1] * math.sqrt(sum(one * one for one in off) / freedom)
            / math.sqrt(len(some)))
    mean = statistics.fmean(some)
    low, high = math.exp(mean - half), math.exp(mean + half)

    def share(kinds):
        spent = [(spent, end - begin) for kind, begin, end, spent in blocks if kind in kinds]
        return round(sum(one for one, _ in spent) / sum(wall for _, wall in spent), 4)

    return {"fault": name, "blocks": len(some), "time": [round(math.exp(mean), 4), round(low, 4), round(high, 4)],
            "verdict": "below 3 %" if high < 1.03 else "above 3 %" if low > 1.03 else "open",
            "coordinator": share(faults), "coordinator_without": share([NONE]),
            "failed": sum(Faulty.failed.get(fault, 0) for fault in faults)}


def count(server, home, run):
    """Points of the loss on the server, all and distinct."""
    def call(path, body=None):
        request = urllib.request.Request(f"{server}/api/2.0/mlflow/{path}", json.dumps(body).encode() if body else None,
                                         {"Content-Type": "application/json"})
        if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    experiment = call("experiments/get-by-name?experiment_name=quickstart")["experiment"]["experiment_id"]
    runs = call("runs/search", {"experiment_ids": [experiment], "max_results": 100, "filter":
                                f"attributes.run_name = '{run}' and tags.`voxbench.home` = '{os.path.abspath(home)}'"})["runs"]
    assert len(runs) == 1, f"{run} is there {len(runs)} times"
    points, page = [], ""
    while page is not None:
        answer = call(f"metrics/get-history?metric_key=train.loss&run_id={runs[0]['info']['run_id']}&max_results=25000{page}")
        points += answer.get("metrics", [])
        token = answer.get("next_page_token")
        page = f"&page_token={urllib.parse.quote(token)}" if token else None
    return len(points), len({(point.get("step"), point["timestamp"], point["value"]) for point in points})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True)
    parser.add_argument("--disk")
    parser.add_argument("--voxbench", default="./voxbench")
    parser.add_argument("--faults", default="down,500,429,cut,slow,dribble,restart,full")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--block", type=float, default=6, help="seconds; a machine that others use, too, changes within twenty")
    parser.add_argument("--iteration", type=float, default=0.6, help="seconds that one takes at least on this machine")
    parser.add_argument("--home", help="kept; a temporary folder where none is given")
    args = parser.parse_args()
    home = args.home or tempfile.mkdtemp(prefix="tracking-faults-")
    Faulty.server_uri, Faulty.disk = args.server, args.disk
    listener = Listener()
    address = f"http://127.0.0.1:{listener.port}"
    faults = args.faults.split(",")
    # The order turns from round to round: a fault is not always followed by the same.
    order = [fault for i in range(args.rounds) for fault in faults[i % len(faults):] + faults[:i % len(faults)]]
    iterations = SETTLE + int((2 * len(order) + 1) * args.block / args.iteration)
    process = subprocess.Popen(
        [args.voxbench, "run", "configs/experiments/quickstart.yaml", "--home", home, "--set", "train.epochs=1",
         "--set", f"train.iterationsPerEpoch={iterations}", "--set", f"tracking.uri={address}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    threading.Thread(target=lambda: said.extend(process.stdout), daemon=True).start()
    switch = Switch(listener, process, args.block)
    while process.poll() is None and not any("iteration" in line or "epoch" in line for line in said):
        time.sleep(0.5)
    time.sleep(SETTLE * args.iteration)
    switch.through(order)
    switch.set(NONE)
    process.wait()
    run = next((line.split()[1].rstrip(";") for line in said if line.startswith("run ")), None)
    if process.returncode != 0 or run is None:
        sys.exit("".join(said))
    points = losses(home, run)[SETTLE:]
    logs = ratios(points, switch.blocks)
    for name, some in [(fault, [fault]) for fault in logs] + [("all", list(logs))]:
        print(json.dumps(judged(name, some, logs, switch.blocks)), flush=True)
    subprocess.run([args.voxbench, "tracking", "ship", run, "--uri", address, "--home", home], check=True, stdout=subprocess.DEVNULL)
    sent, distinct = count(args.server, home, run)
    print(json.dumps({"run": run, "points": sent, "distinct": distinct, "expected": len(points) + SETTLE,
                      "iteration_seconds": round(statistics.fmean(b - a for a, b in zip(points, points[1:])), 4)}))


if __name__ == "__main__":
    main()
