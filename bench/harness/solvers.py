"""What is measured: gpuals, and the peers. Each run of a solver becomes one record of the same form."""
import json
import os
import shutil
import statistics

PEERS = {  # what a peer can learn from
    "numpy": ("explicit", "implicit"), "numpy-dual": ("explicit",),
    "cmfrec-chol": ("explicit", "implicit"), "cmfrec-cg": ("explicit", "implicit"),
    "implicit-chol": ("implicit",), "implicit-cg": ("implicit",),
    "irspack-chol": ("implicit",), "irspack-cg": ("implicit",),
    "buffalo-chol": ("implicit",), "buffalo-cg": ("implicit",),
    "spark": ("explicit", "implicit"),
}
MODELS = "bench/data/models"


class Problem:
    """One thing to solve: data, objective, rank, number of iterations."""

    def __init__(self, dataset, base, shape, mode, rank, iterations, regularization):
        self.dataset, self.base, self.shape, self.mode = dataset, base, shape, mode
        self.rank, self.iterations, self.regularization = rank, iterations, regularization


def run_gpuals(runner, gpuals, name, extra, device, problem, limit, with_error):
    """Trains; the model stays for measuring top-N."""
    pairs = ".pairs" if problem.mode == "implicit" else ""
    model = f"{MODELS}/{name}"
    shutil.rmtree(model, ignore_errors=True)
    command = [gpuals, "train", f"{problem.base}.train{pairs}.tsv", "--model", model, "--rank", str(problem.rank),
               "--iterations", str(problem.iterations), "--regularization", str(problem.regularization), "--device", device,
               "--json", "--quiet", *extra]
    if problem.mode == "implicit":
        command += ["--implicit", "--alpha", "1", "--regularization-exponent", "0"]
    if with_error:
        command += ["--test", f"{problem.base}.test{pairs}.tsv"]
    outcome = runner.run(command, limit)
    record = dict(failure=outcome.failure, peak_mb=outcome.peak_mb, wall_seconds=outcome.seconds)
    if outcome.failure:
        return record
    summary = json.loads(outcome.output)
    times = [iteration["seconds"] for iteration in summary["iterations"]]
    record.update(version=summary.get("version"), load_seconds=summary["seconds"]["read"], seconds=summary["seconds"],
                  peak_device_mb=summary["peak_device_bytes"] / 2 ** 20, model=model,
                  seconds_per_iteration=statistics.median(times[1:] or times))
    if with_error:
        record["curve"] = curve(times, [(iteration.get("test_rmse"), iteration.get("loss"))
                                        for iteration in summary["iterations"]])
    return record


def curve(times, errors):
    """[seconds until then, held-out error, objective or None] after each iteration."""
    points, total = [], 0.0
    for seconds, (error, objective) in zip(times, errors):
        total += seconds
        points.append([total, error, objective])
    return points


def run_peer(runner, python, peer, problem, limit, with_error):
    """Fits a peer; what it told before its time ran out counts."""
    command = [python, "bench/peers/fit.py", "--peer", peer, "--data", problem.base, "--mode", problem.mode, "--rank",
               str(problem.rank), "--iterations", str(problem.iterations), "--regularization",
               str(problem.regularization)]
    outcome = runner.run(command + ([] if with_error else ["--no-error"]), limit)
    events = []
    for line in outcome.output.splitlines():
        if line.startswith('{"event"'):
            events.append(json.loads(line))
    record = dict(failure=outcome.failure, peak_mb=outcome.peak_mb, wall_seconds=outcome.seconds)
    java = [event["java_peak_mb"] for event in events if event["event"] == "memory"]
    for event in events:
        if event["event"] == "done":
            record.update(version=event["version"], load_seconds=event["load_seconds"], peak_mb=event["peak_mb"])
    if java:
        record["peak_mb"] += max(java)
    iterations = [event for event in events if event["event"] == "iteration"]
    fits = [event for event in events if event["event"] == "fit"]
    if iterations:
        times = [event["seconds"] for event in iterations]
        record["seconds_per_iteration"] = statistics.median(times[1:] or times)
        if with_error:
            record["curve"] = curve(times, [(event["error"], event.get("objective")) for event in iterations])
    elif fits:
        first, last = fits[0], fits[-1]
        if last["iterations"] > first["iterations"] and last["seconds"] > first["seconds"]:
            each = (last["seconds"] - first["seconds"]) / (last["iterations"] - first["iterations"])
        else:
            # Starting up is in it: the best that one fit can say.
            each = last["seconds"] / last["iterations"]
            record["from_one_fit"] = True
        record["seconds_per_iteration"] = each
        if with_error:
            record["curve"] = [[each * event["iterations"], event["error"], event.get("objective")] for event in fits]
    if "seconds_per_iteration" in record and outcome.timed_out:
        record["failure"] = None
        record["cut"] = f"after {len(iterations) or fits[-1]['iterations']} iterations"
    return record


def top_n(runner, gpuals, python, model, device, limit):
    """Users a second, top 10 of all users with what they have rated left out: gpuals with reading the model and writing
    the list, the peers in memory."""
    users = sum(1 for _ in open(f"{model}/users.txt"))
    output = f"{MODELS}/top.csv"
    rates = {}
    outcome = runner.run([gpuals, "recommend", "--model", model, "--all", "--output", output, "--quiet"], limit)
    rates["gpuals"] = dict(failure=outcome.failure, users_per_second=users / max(outcome.seconds, 1e-9),
                           seconds=outcome.seconds, peak_mb=outcome.peak_mb)
    for what in ("implicit", "numpy"):
        if python is None:
            continue
        outcome = runner.run([python, "bench/peers/topn.py", "--what", what, "--model", model, "--limit", str(limit / 2)],
                             limit)
        rates[what] = dict(failure=outcome.failure, peak_mb=outcome.peak_mb)
        if not outcome.failure:
            rates[what].update(json.loads(outcome.output.splitlines()[-1]))
    return rates


def ingest(runner, gpuals, python, base, device, limit):
    """Reading a text file into both CSR orientations: gpuals as part of a short training, and pandas with SciPy."""
    megabytes = os.path.getsize(f"{base}.train.tsv") / 1e6
    command = [gpuals, "train", f"{base}.train.tsv", "--model", f"{MODELS}/ingest", "--rank", "1", "--iterations", "1",
               "--device", device, "--no-keep-ratings", "--json", "--quiet"]
    runner.run(command, limit)  # The first compiles the kernels.
    outcome = runner.run(command, limit)
    rates = {"gpuals": dict(failure=outcome.failure, peak_mb=outcome.peak_mb)}
    if not outcome.failure:
        seconds = json.loads(outcome.output)["seconds"]
        total = seconds["read"] + seconds["build"]
        rates["gpuals"].update(read_seconds=seconds["read"], seconds=total, megabytes_per_second=megabytes / total)
    for engine in ("c", "pyarrow"):
        if python is None:
            continue
        outcome = runner.run([python, "bench/peers/ingest.py", "--engine", engine, f"{base}.train.tsv"], limit)
        rates[f"pandas-{engine}"] = dict(failure=outcome.failure)
        if not outcome.failure:
            found = json.loads(outcome.output.splitlines()[-1])
            rates[f"pandas-{engine}"].update(found, megabytes_per_second=megabytes / found["seconds"])
    return rates
