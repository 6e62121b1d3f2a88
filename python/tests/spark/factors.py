"""Factors of models as arrays, and what they have to be."""

from __future__ import annotations

import numpy as np
from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame
from scipy.sparse import csr_matrix

import gpuals

Sides = tuple[np.ndarray, np.ndarray]


def table(frame: DataFrame) -> Sides:
    """Ids ascending, and their factors."""
    rows = sorted(frame.collect())
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.float32)


def factors(model: ALSModel) -> Sides:
    """User and item factors, in the order of the ids."""
    return table(model.userFactors)[1], table(model.itemFactors)[1]


def on_one_machine(
    entries: tuple[np.ndarray, np.ndarray, np.ndarray], parameters: gpuals.Parameters, seed: int, blocks: int
) -> Sides:
    """What the library's own training makes of the ratings, from the start that Spark's ALS has."""
    users, items, values = entries
    user_ids, rows = np.unique(users, return_inverse=True)
    item_ids, columns = np.unique(items, return_inverse=True)
    order = np.lexsort((values, columns, rows))
    offsets = np.concatenate(([0], np.cumsum(np.bincount(rows))))
    matrix = csr_matrix((len(user_ids), len(item_ids)), dtype=np.float32)
    # Not by the constructor of entries, which would add up those that are there twice.
    matrix.data, matrix.indices, matrix.indptr = values[order], columns[order].astype(np.int32), offsets
    start = gpuals.spark_start(seed, parameters.rank, blocks, user_ids.astype(np.int32))
    with gpuals.Device("reference") as device:
        result = gpuals.fit(device, parameters, matrix, user_factors=start)
    return result.user_factors, result.item_factors


def largest_difference(some: Sides, others: Sides) -> float:
    """The largest difference of any two numbers that stand for the same."""
    return max(float(np.abs(one - other).max()) for one, other in zip(some, others))
