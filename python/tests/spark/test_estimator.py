from __future__ import annotations

import numpy as np
import pytest
from factors import factors, largest_difference
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.recommendation import ALS as SparkALS
from pyspark.ml.recommendation import ALSModel
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder

from gpuals.spark import ALS


@pytest.fixture(scope="module")
def als():
    return ALS(
        rank=3, maxIter=1, seed=5, numUserBlocks=1, numItemBlocks=1, device="reference", coldStartStrategy="drop"
    )


@pytest.fixture(scope="module")
def model(als, ratings):
    return als.fit(ratings)


def test_parameters_and_defaults_are_those_of_spark(spark):
    ours, theirs = ALS(), SparkALS()
    assert {param.name for param in ours.params} == {param.name for param in theirs.params} | {
        "device",
        "broadcastLimit",
    }
    for param in theirs.params:
        assert ours.hasDefault(param.name) == theirs.hasDefault(param), param.name
        if theirs.hasDefault(param):
            assert ours.getOrDefault(param.name) == theirs.getOrDefault(param), param.name


def test_each_parameter_has_a_setter_and_a_getter_as_in_spark(spark):
    ours = ALS()
    for param in SparkALS().params:
        name = param.name[0].upper() + param.name[1:]
        value = ours.getOrDefault(param.name)
        assert getattr(ours, f"set{name}")(value) is ours
        assert getattr(ours, f"get{name}")() == value
        assert ours.isSet(param.name)
    assert ours.setNumBlocks(7).getNumUserBlocks() == ours.getNumItemBlocks() == 7
    assert ours.setDevice("reference").getDevice() == "reference"
    assert ours.setBroadcastLimit(0).getBroadcastLimit() == 0


def test_the_model_is_sparks_own_with_the_columns_and_types_of_sparks(als, model, ratings):
    assert type(model) is ALSModel
    assert (model.rank, model.uid) == (3, als.uid)
    assert model._java_obj.parent().uid() == als.uid
    assert model.userFactors.dtypes == [("id", "int"), ("features", "array<float>")]
    assert model.itemFactors.storageLevel.useMemory
    assert model.transform(ratings).dtypes[-1] == ("prediction", "float")
    assert model.getColdStartStrategy() == "drop"
    assert model.transform(ratings.limit(1).selectExpr("99999 as user", "item", "rating")).count() == 0


def test_recommendations_are_the_best_products_of_the_factors(als, ratings):
    named = ratings.withColumnRenamed("user", "visitor")
    # Nothing is asked of the model before, as transform would set its parameters.
    model = als.copy({als.userCol: "visitor"}).fit(named)
    best = sorted(model.recommendForAllUsers(4).collect())
    users, items = factors(model)
    assert len(best) == len(users)
    assert best[0].visitor == min(row.id for row in model.userFactors.collect())
    ids = sorted(row.id for row in model.itemFactors.collect())
    scores = users[0] @ items.T
    assert [entry.item for entry in best[0].recommendations] == [ids[place] for place in np.argsort(-scores)[:4]]


def test_the_model_is_saved_and_loaded_by_spark(model, tmp_path):
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = ALSModel.load(str(tmp_path / "model"))
    assert loaded.uid == model.uid
    assert largest_difference(factors(loaded), factors(model)) == 0


def test_the_estimator_is_saved_and_loaded(als, tmp_path):
    als.save(str(tmp_path / "als"))
    loaded = ALS.load(str(tmp_path / "als"))
    assert loaded.uid == als.uid
    assert loaded.extractParamMap() == als.extractParamMap()


def test_a_pipeline_is_saved_loaded_and_fitted_and_so_is_its_model(als, model, ratings, tmp_path):
    Pipeline(stages=[als]).save(str(tmp_path / "pipeline"))
    fitted = Pipeline.load(str(tmp_path / "pipeline")).fit(ratings)
    fitted.save(str(tmp_path / "fitted"))
    again = PipelineModel.load(str(tmp_path / "fitted"))
    assert largest_difference(factors(again.stages[0]), factors(model)) == 0


def test_parameters_given_to_fit_and_copy_count(als, model, ratings):
    other = als.fit(ratings, {als.rank: 2})
    assert other.rank == 2
    copied = als.copy({als.regParam: 9.0})
    assert (copied.getRegParam(), als.getRegParam()) == (9.0, 0.1)
    assert [one.rank for one in als.fit(ratings, [{als.rank: 2}, {als.rank: 1}])] == [2, 1]


def test_a_cross_validator_finds_the_better_parameters_in_threads(als, ratings, tmp_path):
    grid = ParamGridBuilder().addGrid(als.regParam, [0.1, 1e6]).build()
    validator = CrossValidator(
        estimator=als,
        estimatorParamMaps=grid,
        evaluator=RegressionEvaluator(labelCol="rating"),
        numFolds=2,
        parallelism=2,
        seed=1,
    )
    found = validator.fit(ratings)
    assert found.avgMetrics[0] < found.avgMetrics[1]
    assert isinstance(found.bestModel, ALSModel)
    found.save(str(tmp_path / "found"))
    assert isinstance(CrossValidatorModel.load(str(tmp_path / "found")).bestModel, ALSModel)


def test_ids_and_ratings_of_any_numeric_type_train_as_those_of_32_bits(als, model, ratings):
    wide = ratings.selectExpr(
        "cast(user as bigint) user", "cast(item as decimal(12,2)) item", "cast(rating as double) rating"
    )
    assert largest_difference(factors(als.fit(wide)), factors(model)) == 0


def test_without_a_rating_column_all_ratings_are_one(als, ratings):
    ones = als.fit(ratings.selectExpr("user", "item", "1 as rating"))
    assert (
        largest_difference(factors(als.copy({als.ratingCol: ""}).fit(ratings.select("user", "item"))), factors(ones))
        == 0
    )
