"""One session of Spark for all tests here, on two threads of this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'gpuals[spark]'")
pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'gpuals[spark]'")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java, which Spark needs", allow_module_level=True)

from pyspark.sql import DataFrame, SparkSession

import gpuals

# Else workers run the first python3 of PATH, and look for the package in another place than these tests.
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
_SOURCE = str(Path(gpuals.__file__).parents[1])
os.environ["PYTHONPATH"] = os.pathsep.join([_SOURCE, *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .appName("gpuals tests")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.default.parallelism", "2")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def entries() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Users, items and ratings: ids with gaps and below zero, rows of one rating and of many, pairs that are there twice."""
    random = np.random.default_rng(7)
    users = (random.zipf(1.3, 1500) % 61).astype(np.int32) * 7 - 50
    items = (random.zipf(1.2, 1500) % 43).astype(np.int32) * 3 - 20
    tastes, appeals = random.normal(size=500), random.normal(size=500)
    ratings = (1 + tastes[users] * appeals[items] + random.normal(size=1500) / 4).astype(np.float32)
    again = random.integers(0, 1500, 40)
    return (
        np.concatenate([users, users[again]]),
        np.concatenate([items, items[again]]),
        np.concatenate([ratings, ratings[again] + np.float32(0.25)]),
    )


@pytest.fixture(scope="session")
def ratings(spark: SparkSession, entries: tuple[np.ndarray, np.ndarray, np.ndarray]) -> DataFrame:
    rows = list(zip(*(array.tolist() for array in entries)))
    frame = spark.createDataFrame(rows, "user int, item int, rating float").repartition(2).cache()
    frame.count()
    return frame


@pytest.fixture
def no_leftovers(spark: SparkSession) -> Iterator[None]:
    """Fails where the test leaves something cached that training needs; what a model needs has other names."""

    def cached() -> set[tuple[int, str]]:
        named = {(number, rdd.name()) for number, rdd in spark.sparkContext._jsc.getPersistentRDDs().items()}
        return {pair for pair in named if pair[1] is not None and pair[1].startswith("gpuals")}

    before = cached()
    yield
    assert cached() - before == set()
