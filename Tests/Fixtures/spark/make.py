#!/usr/bin/env python3
"""Makes the files beside it with the ALS of real Spark, whose answers gpuals is held to.

    python3 -m pip install 'pyspark==4.0.*' numpy      # and Java 17
    python3 Tests/Fixtures/spark/make.py

starts.csv                    rank, blocks, seed, id, then the user factors that Spark begins with (its ALS with maxIter 0)
NAME/ratings.csv              user, item, rating: what Spark was trained on, in the order it was given
NAME/users.csv, items.csv     id, then the factors that Spark came to
NAME/arguments.txt            the options of 'gpuals train' for the same run

Files are the same however often this runs, but for last digits where another machine's BLAS adds in another order.
"""

import pathlib
import random
import struct

import numpy
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, SparkSession

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = "user int, item int, rating float"
Row = "tuple[int, int, float]"

# Ids on both ends of their range, on both sides of 0, equal and unequal modulo the numbers of blocks.
EDGE_IDS = [0, 1, 2, 3, 9, 10, -1, -2, -10, -11, 2**31 - 1, -(2**31), 17, 20]
STARTS = [(1, 1, 0), (3, 1, 42), (3, 4, 42), (5, 10, -7), (8, 3, 2**63 - 1), (17, 2, 1234567890123), (64, 10, 42)]


def text(value: float) -> str:
    """The shortest text that reads back as the same 32-bit number."""
    return str(numpy.float32(value))


def write(path: pathlib.Path, lines: "list[str]") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def factor_lines(frame: DataFrame, *prefix: int) -> "list[str]":
    rows = sorted((row["id"], row["features"]) for row in frame.collect())
    return [",".join([*map(str, prefix), str(id), *map(text, features)]) for id, features in rows]


def starts(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(id, k % 3, float(k + 1)) for k, id in enumerate(EDGE_IDS)], SCHEMA)
    lines = []
    for rank, blocks, seed in STARTS:
        model = ALS(rank=rank, maxIter=0, numUserBlocks=blocks, numItemBlocks=2, seed=seed).fit(frame)
        lines += factor_lines(model.userFactors, rank, blocks, seed)
    write(HERE / "starts.csv", lines)


def ratings(kind: str, users: "list[int]", items: "list[int]", count: int, seed: int) -> "list[Row]":
    """Ratings with some structure in them, so that factors have something to find."""
    draw = random.Random(seed)
    taste = {id: [draw.gauss(0, 1) for _ in range(3)] for id in users + items}
    pairs = [(user, item) for user in users for item in items]
    draw.shuffle(pairs)
    rows = []
    for user, item in pairs[:count]:
        match = sum(a * b for a, b in zip(taste[user], taste[item]))
        if kind == "stars":
            value = min(5.0, max(1.0, round(2 * (3 + match)) / 2))
        elif kind == "plays":
            value = float(max(0, round(3 + 3 * match)))
        else:  # Evidence for and against, and none.
            value = float(round(2 * match))
        rows.append((user, item, value))
    return rows


def models(spark: SparkSession) -> None:
    ordinary = list(range(1, 61))
    sparse = [-(2**31), -1999, -77, -3, -1, 0, 4, 9, 19, 29, 1000003, 2**31 - 1] + [k * k * 131 - 4000 for k in range(2, 30)]
    items = [7 * k - 20 for k in range(30)]
    stars = ratings("stars", ordinary, items, 700, 1)
    scattered = ratings("stars", sparse, items, 500, 2)
    plays = ratings("plays", ordinary, items, 700, 3)
    signed = ratings("signed", sparse, items, 500, 4)
    twice = scattered + [(user, item, 6.0 - rating) for user, item, rating in scattered[::3]] + scattered[::7]
    again = signed + [(user, item, rating + 1.0) for user, item, rating in signed[::4]]
    cases = {
        "explicit": (stars, dict(rank=5, maxIter=8, regParam=0.05, numUserBlocks=10, seed=42)),
        "explicit-one-block": (stars, dict(rank=3, maxIter=5, regParam=0.1, numUserBlocks=1, seed=7)),
        "explicit-duplicates": (twice, dict(rank=4, maxIter=6, regParam=0.1, numUserBlocks=7, seed=2**63 - 5)),
        "implicit": (plays, dict(rank=8, maxIter=10, regParam=0.02, numUserBlocks=10, seed=42, alpha=10.0)),
        "implicit-signed": (signed, dict(rank=6, maxIter=8, regParam=0.1, numUserBlocks=3, seed=1, alpha=2.0)),
        "implicit-duplicates": (again, dict(rank=4, maxIter=8, regParam=0.1, numUserBlocks=5, seed=11, alpha=1.0)),
        "nonnegative": (stars, dict(rank=5, maxIter=8, regParam=0.05, numUserBlocks=10, seed=42, nonnegative=True)),
        "nonnegative-implicit": (
            plays,
            dict(rank=6, maxIter=8, regParam=0.1, numUserBlocks=4, seed=3, alpha=5.0, nonnegative=True),
        ),
    }
    for name, (rows, parameters) in cases.items():
        frame = spark.createDataFrame(rows, SCHEMA)
        implicit = "alpha" in parameters
        model = ALS(numItemBlocks=4, implicitPrefs=implicit, **parameters).fit(frame)
        folder = HERE / name
        write(folder / "ratings.csv", ["user,item,rating", *(f"{user},{item},{rating:g}" for user, item, rating in rows)])
        write(folder / "users.csv", factor_lines(model.userFactors))
        write(folder / "items.csv", factor_lines(model.itemFactors))
        arguments = [
            f"--rank {parameters['rank']}",
            f"--iterations {parameters['maxIter']}",
            f"--regularization {parameters['regParam']}",
            f"--seed {struct.unpack('Q', struct.pack('q', parameters['seed']))[0]}",
            "--initialization spark",
            f"--user-blocks {parameters['numUserBlocks']}",
            "--duplicates keep",
        ]
        arguments += [f"--implicit --alpha {parameters['alpha']:g}"] if implicit else []
        arguments += ["--nonnegative"] if parameters.get("nonnegative") else []
        write(folder / "arguments.txt", [" ".join(arguments)])


def main() -> None:
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    starts(spark)
    models(spark)
    spark.stop()


if __name__ == "__main__":
    main()
