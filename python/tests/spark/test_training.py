from __future__ import annotations

import os

import numpy as np
import pytest
from factors import factors, largest_difference, on_one_machine
from pyspark.ml.recommendation import ALS as SparkALS

import gpuals
from gpuals.spark import ALS

_SETTINGS = {
    "explicit": {},
    "implicit": {"implicitPrefs": True, "alpha": 3.0},
    "nonnegative": {"nonnegative": True},
}
_COMMON = {"rank": 5, "maxIter": 2, "regParam": 0.2, "seed": 11, "numUserBlocks": 3, "numItemBlocks": 2}


def trained(ratings, setting, **parameters):
    return factors(ALS(device="reference", **_COMMON, **_SETTINGS[setting], **parameters).fit(ratings))


@pytest.fixture(scope="module")
def broadcast(ratings):
    """What training by broadcast makes, computed once for each setting."""
    made = {}

    def of(setting):
        if setting not in made:
            made[setting] = trained(ratings, setting)
        return made[setting]

    return of


@pytest.mark.parametrize("setting", _SETTINGS)
def test_factors_are_those_of_one_machine(broadcast, entries, setting):
    parameters = gpuals.Parameters(
        rank=5,
        iterations=2,
        regularization=0.2,
        implicit=setting == "implicit",
        alpha=3.0,
        nonnegative=setting == "nonnegative",
    )
    assert largest_difference(broadcast(setting), on_one_machine(entries, parameters, 11, 3)) < 1e-4


@pytest.mark.parametrize("setting", _SETTINGS)
def test_factors_are_those_of_sparks_own_als(broadcast, ratings, setting):
    model = SparkALS(**_COMMON, **_SETTINGS[setting]).fit(ratings)
    # Spark's solver of the nonnegative problem ends at a tolerance.
    assert largest_difference(broadcast(setting), factors(model)) < (2e-2 if setting == "nonnegative" else 1e-4)


@pytest.mark.parametrize("setting", _SETTINGS)
def test_shuffled_factors_are_those_of_a_broadcast_bit_for_bit(broadcast, ratings, setting, no_leftovers):
    shuffled = trained(ratings, setting, broadcastLimit=0)
    for one, other in zip(broadcast(setting), shuffled):
        np.testing.assert_array_equal(one, other)


def test_a_model_without_a_cache_is_read_again_and_again(broadcast, ratings):
    model = ALS(device="reference", **_COMMON, broadcastLimit=0, finalStorageLevel="NONE").fit(ratings)
    assert not model.userFactors.storageLevel.useMemory
    for _ in range(2):
        for one, other in zip(broadcast("explicit"), factors(model)):
            np.testing.assert_array_equal(one, other)


def test_one_side_may_be_broadcast_and_the_other_shuffled(broadcast, ratings, entries):
    users, items = (len(np.unique(ids)) for ids in entries[:2])
    limit = min(users, items) * 5 * 4
    assert limit < max(users, items) * 5 * 4
    mixed = trained(ratings, "explicit", broadcastLimit=limit)
    for one, other in zip(broadcast("explicit"), mixed):
        np.testing.assert_array_equal(one, other)


def test_the_device_makes_the_factors_of_the_reference(broadcast, ratings):
    model = ALS(device="auto", **_COMMON).fit(ratings)
    assert largest_difference(broadcast("explicit"), factors(model)) < 1e-4


def test_checkpoints_end_the_lineage_and_leave_one_file(spark, broadcast, ratings, tmp_path):
    spark.sparkContext.setCheckpointDir(str(tmp_path))
    # Spark cannot forget the directory; tests after this one train for too few iterations to write there.
    made = trained(ratings, "explicit", broadcastLimit=0, checkpointInterval=1)
    for one, other in zip(broadcast("explicit"), made):
        np.testing.assert_array_equal(one, other)
    [directory] = tmp_path.iterdir()
    assert len(os.listdir(directory)) == 1


def test_ratings_of_one_block_and_more_blocks_than_ids_train(ratings, entries):
    few = ratings.where("user < -40")
    model = ALS(device="reference", rank=3, maxIter=1, seed=3, numUserBlocks=4, numItemBlocks=1, broadcastLimit=0).fit(
        few
    )
    chosen = tuple(array[entries[0] < -40] for array in entries)
    expected = on_one_machine(chosen, gpuals.Parameters(rank=3, iterations=1), 3, 4)
    assert largest_difference(factors(model), expected) < 1e-4
