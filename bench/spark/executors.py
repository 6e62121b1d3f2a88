#!/usr/bin/env python3
"""Trains by gpuals.spark.ALS on executors that are processes of their own (local-cluster), and compares the factors with those that the
library's own training makes in one process from the same start. Prints one JSON document; ends with 1 where they differ.

    bench/spark/executors.py --ratings ratings.tsv --rank 32 --kill-in 2
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import event_log
import numpy as np
from scipy.sparse import csr_matrix

import gpuals


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratings", type=Path, help="user, item, rating by tabs; without: a sample of 30,000")
    parser.add_argument("--executors", type=int, default=2)
    parser.add_argument("--cores", type=int, default=1, help="of an executor")
    parser.add_argument("--memory", type=int, default=1024, help="of an executor, in MiB")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--shuffle", action="store_true", help="shuffle factors in place of broadcasts")
    parser.add_argument("--kill-in", type=int, metavar="ITERATION", help="kill an executor in this iteration")
    parser.add_argument("--threads", type=int, help="of pocl, in an executor")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--no-comparison", action="store_true")
    return parser.parse_args()


class Kill(logging.Handler):
    """Kills an executor in the middle of the half-step that solves the users of an iteration."""

    def __init__(self, iteration: int, process: int) -> None:
        super().__init__()
        self._sign = f"iteration {iteration}: items solved"
        self._process = process
        self.has_killed = False

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith(self._sign):
            threading.Timer(0.1, self._kill).start()

    def _kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        self.has_killed = True


class Seconds(logging.Handler):
    """Keeps what the trainer says of its steps."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def read(path: Path | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if path is None:
        random = np.random.default_rng(1)
        users, items = random.zipf(1.4, 30000) % 900, random.zipf(1.3, 30000) % 400
        return users.astype(np.int32), items.astype(np.int32), random.integers(1, 11, 30000).astype(np.float32) / 2
    table = np.loadtxt(path, delimiter="\t", usecols=(0, 1, 2), dtype=np.int64)
    table = table[table[:, 2] <= 100]  # 255 is no rating in the form of Yahoo! Music.
    return table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2].astype(np.float32)


def in_one_process(entries, options, parameters):
    users, items, values = entries
    user_ids, rows = np.unique(users, return_inverse=True)
    item_ids, columns = np.unique(items, return_inverse=True)
    order = np.lexsort((values, columns, rows))
    matrix = csr_matrix((len(user_ids), len(item_ids)), dtype=np.float32)
    matrix.data, matrix.indices = values[order], columns[order].astype(np.int32)
    matrix.indptr = np.concatenate(([0], np.cumsum(np.bincount(rows))))
    start = gpuals.spark_start(7, options.rank, options.blocks, user_ids.astype(np.int32))
    with gpuals.Device(options.device) as device:
        began = time.monotonic()
        result = gpuals.fit(device, parameters, matrix, user_factors=start)
    return result.user_factors, result.item_factors, time.monotonic() - began


def sorted_factors(frame):
    table = frame.toPandas().sort_values("id")
    return np.stack(table["features"].to_list())


def java_process() -> int:
    """The process of the executor that runs this task: the parent of the parent of its Python."""
    text = Path(f"/proc/{os.getppid()}/stat").read_text()
    return int(text.rsplit(")", 1)[1].split()[1])


def main() -> int:
    options = arguments()
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    from gpuals.spark import ALS

    logs = tempfile.TemporaryDirectory()
    builder = (
        SparkSession.builder.master(f"local-cluster[{options.executors},{options.cores},{options.memory}]")
        .config("spark.executor.memory", f"{options.memory}m")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.eventLog.dir", logs.name)
    )
    for key, value in event_log.SETTINGS.items():
        builder = builder.config(key, value)
    for name in ("PYTHONPATH", "GPUALS_LIBRARY"):
        if name in os.environ:
            builder = builder.config(f"spark.executorEnv.{name}", os.environ[name])
    if options.threads:
        builder = builder.config("spark.executorEnv.POCL_MAX_PTHREAD_COUNT", str(options.threads))
    session = builder.getOrCreate()
    context = session.sparkContext
    context.setLogLevel("OFF")
    seconds = Seconds()
    logger = logging.getLogger("gpuals.spark")
    logger.setLevel(logging.INFO)
    logger.addHandler(seconds)

    entries = read(options.ratings)
    with tempfile.TemporaryDirectory() as folder:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table(entries, ["user", "item", "rating"]), f"{folder}/ratings.parquet")
        frame = session.read.parquet(f"{folder}/ratings.parquet").repartition(2 * options.executors)
        processes = set(context.parallelize(range(16), 16).map(lambda _: java_process()).collect())
        kill = None
        if options.kill_in is not None:
            kill = Kill(options.kill_in, min(processes))
            logger.addHandler(kill)
        als = ALS(
            rank=options.rank,
            maxIter=options.iterations,
            regParam=0.1,
            seed=7,
            implicitPrefs=options.implicit,
            numUserBlocks=options.blocks,
            numItemBlocks=options.blocks,
            device=options.device,
        )
        if options.shuffle:
            als.setBroadcastLimit(0)
        began = time.monotonic()
        model = als.fit(frame)
        took = time.monotonic() - began
        made = sorted_factors(model.userFactors), sorted_factors(model.itemFactors)
    session.stop()
    [log] = Path(logs.name).iterdir()
    result = {
        "ratings": len(entries[0]),
        "users": len(made[0]),
        "items": len(made[1]),
        "executor_processes": len(processes),
        "killed": kill is not None and kill.has_killed,
        "seconds": round(took, 2),
        "steps": seconds.lines,
        "moved": {key: value for key, value in event_log.moved(log).items() if key.startswith("gpuals")},
    }
    is_same = True
    if not options.no_comparison:
        parameters = gpuals.Parameters(
            rank=options.rank, iterations=options.iterations, regularization=0.1, implicit=options.implicit
        )
        *expected, result["seconds_in_one_process"] = in_one_process(entries, options, parameters)
        result["largest_difference"] = max(float(np.abs(a - b).max()) for a, b in zip(made, expected))
        result["largest_factor"] = max(float(np.abs(array).max()) for array in expected)
        is_same = result["largest_difference"] <= options.tolerance
    print(json.dumps(result, indent=1))
    return 0 if is_same and (kill is None or kill.has_killed) else 1


if __name__ == "__main__":
    sys.exit(main())
