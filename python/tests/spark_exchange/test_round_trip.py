"""Models of gpuals in Spark and models of Spark in gpuals: the same factors, the same lists. Takes Java, PySpark and the program gpuals."""

from __future__ import annotations

import csv
import io
import os
import pathlib
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import gpuals

pytest.importorskip("pyarrow")
pyspark = pytest.importorskip("pyspark")
from pyspark.ml.recommendation import ALS, ALSModel  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

SOURCE = pathlib.Path(gpuals.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        # Small data: compiling the plans takes longer than running them.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.adaptive.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def ratings(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    draw = random.Random(5)
    path = tmp_path_factory.mktemp("ratings") / "ratings.csv"
    lines = ["user,item,rating"]
    for user in [*range(-20, 60), 2**31 - 1, -(2**31)]:
        lines += [f"{user},{item * 11 - 30},{draw.randint(1, 10) / 2}" for item in draw.sample(range(40), 12)]
    path.write_text("\n".join(lines) + "\n")
    return path


class Program:
    """The program gpuals in a directory."""

    def __init__(self, path: str, directory: pathlib.Path) -> None:
        self._path = path
        self.directory = directory

    def __call__(self, *arguments: object) -> str:
        paths = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])
        outcome = subprocess.run(
            [self._path, *map(str, arguments)],
            cwd=self.directory,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "GPUALS_PYTHON": sys.executable},
        )
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    def lists(self, model: str) -> dict[int, list[tuple[int, float]]]:
        """Item and score of the five best for each user."""
        lists: dict[int, list[tuple[int, float]]] = {}
        for row in csv.DictReader(
            io.StringIO(
                self("recommend", "--model", model, "--all", "-n", 5, "--include-seen", "--device", "reference")
            )
        ):
            lists.setdefault(int(row["user"]), []).append((int(row["item"]), float(row["score"])))
        return lists


@pytest.fixture
def gpuals(gpuals_program: str, tmp_path: pathlib.Path) -> Program:
    return Program(gpuals_program, tmp_path)


def spark_lists(model: Any) -> dict[int, list[tuple[int, float]]]:
    return {
        row["user"]: [(entry["item"], entry["rating"]) for entry in row["recommendations"]]
        for row in model.recommendForAllUsers(5).collect()
    }


def assert_same_lists(found: dict[int, list[tuple[int, float]]], expected: dict[int, list[tuple[int, float]]]) -> None:
    """Equal but for the order of scores that are equal in 32-bit arithmetic."""
    assert found.keys() == expected.keys()
    assert len(found) == 82
    for user, entries in expected.items():
        scores = [score for _, score in entries]
        assert [score for _, score in found[user]] == pytest.approx(scores, rel=1e-5, abs=1e-6)
        if min(abs(a - b) for a, b in zip(scores, scores[1:])) > 1e-5:
            assert [item for item, _ in found[user]][:-1] == [item for item, _ in entries][:-1]


def factors(frame: Any) -> dict[int, list[float]]:
    return {row["id"]: list(row["features"]) for row in frame.collect()}


def directory_factors(path: pathlib.Path, side: str) -> dict[int, list[float]]:
    ids = [int(line) for line in (path / f"{side}s.txt").read_text().split()]
    return dict(zip(ids, np.load(path / f"{side}_factors.npy").tolist()))


def test_spark_loads_what_gpuals_exports(spark: SparkSession, gpuals: Program, ratings: pathlib.Path) -> None:
    gpuals("train", ratings, "--rank", 6, "--model", "model", "--device", "reference")
    gpuals("export", "--model", "model", "--to", "spark", "--output", "als")
    place = gpuals.directory / "als"
    model = ALSModel.load(str(place))
    assert model.rank == 6
    assert model.getColdStartStrategy() == "nan"
    assert (model.getUserCol(), model.getItemCol(), model.getPredictionCol()) == ("user", "item", "prediction")
    assert model.userFactors.schema.simpleString() == "struct<id:int,features:array<float>>"
    for side, frame in (("user", model.userFactors), ("item", model.itemFactors)):
        assert factors(frame) == directory_factors(gpuals.directory / "model", side)
    assert_same_lists(spark_lists(model), gpuals.lists("model"))
    # As a model of its own: it predicts, is copied and saved again.
    pairs = spark.createDataFrame([(-20, -30), (5, 14), (12345, 14)], "user int, item int")
    assert model.transform(pairs).count() == 3
    assert model.copy({model.coldStartStrategy: "drop"}).transform(pairs).count() == 2
    model.write().overwrite().save(str(gpuals.directory / "again"))
    gpuals("import", "--from", "spark", "again", "--model", "back")
    for side in ("user", "item"):
        assert directory_factors(gpuals.directory / "back", side) == directory_factors(gpuals.directory / "model", side)


def test_gpuals_imports_what_spark_saves(spark: SparkSession, gpuals: Program, ratings: pathlib.Path) -> None:
    frame = spark.read.csv(str(ratings), header=True, schema="user int, item int, rating float")
    model = ALS(rank=5, maxIter=4, regParam=0.2, numUserBlocks=3, numItemBlocks=2, seed=3).fit(frame)
    model.save(str(gpuals.directory / "als"))
    assert len(list((gpuals.directory / "als/userFactors").glob("part-*"))) > 1
    gpuals("import", "--from", "spark", "als", "--model", "model", "--regularization", 0.2, "--ratings", ratings)
    for side, expected in (("user", model.userFactors), ("item", model.itemFactors)):
        assert directory_factors(gpuals.directory / "model", side) == factors(expected)
    assert_same_lists(gpuals.lists("model"), spark_lists(model))
    gpuals("explain", "--model", "model", "--user", 5, "--item", 14)
    gpuals("export", "--model", "model", "--to", "spark", "--output", "back")
    back = ALSModel.load(str(gpuals.directory / "back"))
    assert factors(back.userFactors) == factors(model.userFactors)


def test_spark_does_not_mind_tables_of_ids(spark: SparkSession, gpuals: Program, ratings: pathlib.Path) -> None:
    texts = "".join(f"u{line}\n" if row else f"{line}\n" for row, line in enumerate(ratings.read_text().splitlines()))
    (gpuals.directory / "texts.csv").write_text(texts)
    gpuals("train", "texts.csv", "--rank", 4, "--model", "model", "--device", "reference")
    gpuals("export", "--model", "model", "--to", "spark", "--number-ids", "--output", "als")
    assert {"user_ids.csv", "item_ids.csv"} < set(os.listdir(gpuals.directory / "als"))
    model = ALSModel.load(str(gpuals.directory / "als"))
    names = spark.read.csv(str(gpuals.directory / "als/user_ids.csv"), header=True, schema="id int, user string")
    assert model.userFactors.join(names, "id").count() == 82
    assert model.userFactors.join(names, "id").where("user = 'u5'").count() == 1
    gpuals("import", "--from", "spark", "als", "--model", "back")
    assert (gpuals.directory / "back/users.txt").read_text() == (gpuals.directory / "model/users.txt").read_text()


def test_training_from_sparks_start_comes_to_sparks_factors(
    spark: SparkSession, gpuals: Program, ratings: pathlib.Path
) -> None:
    frame = spark.read.csv(str(ratings), header=True, schema="user int, item int, rating float")
    model = ALS(rank=4, maxIter=5, regParam=0.1, numUserBlocks=4, seed=9).fit(frame)
    gpuals(
        *(
            "train",
            ratings,
            "--rank",
            4,
            "--iterations",
            5,
            "--regularization",
            0.1,
            "--seed",
            9,
            "--duplicates",
            "keep",
        ),
        *("--initialization", "spark", "--user-blocks", 4, "--model", "model", "--device", "reference"),
    )
    for side, expected in (("user", factors(model.userFactors)), ("item", factors(model.itemFactors))):
        found = directory_factors(gpuals.directory / "model", side)
        assert found.keys() == expected.keys()
        largest = max(abs(value) for row in expected.values() for value in row)
        for id, row in expected.items():
            assert found[id] == pytest.approx(row, abs=1e-5 * largest)
