from __future__ import annotations

import pytest
from pyspark.errors import IllegalArgumentException

from gpuals.errors import DataError, DeviceUnavailableError, GPUALSError, LibraryNotFoundError, ParameterError
from gpuals.spark import ALS
from gpuals.spark.devices import gpu_numbers, selector_of
from gpuals.spark.failures import cause_of

pytestmark = pytest.mark.usefixtures("no_leftovers")


@pytest.fixture
def als():
    return ALS(rank=3, maxIter=1, seed=5, numUserBlocks=2, numItemBlocks=2, device="reference")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["user + 0.5 as user", "item", "rating"], "column user holds the id .*5"),
        (["user", "item * 1000000000000 as item", "rating"], "column item holds the id"),
        (["nullif(user, 6) as user", "item", "rating"], "column user holds an id that is null"),
        (["user", "item", "if(user = 6, null, rating) as rating"], "column rating holds the rating null"),
        (["user", "item", "float('nan') as rating"], "column rating holds the rating nan"),
        (["user", "item", "1e300 as rating"], "column rating holds the rating inf"),
    ],
)
def test_what_is_no_rating_ends_training_with_its_column_and_value(als, ratings, columns, message):
    with pytest.raises(DataError, match=message):
        als.fit(ratings.selectExpr(*columns))


def test_no_ratings_are_an_error(als, ratings):
    with pytest.raises(DataError, match="no ratings"):
        als.fit(ratings.limit(0))


@pytest.mark.parametrize("limit", [1 << 20, 0])
def test_equations_without_a_solution_name_the_id_and_the_remedy(als, spark, limit):
    frame = spark.createDataFrame([(70, 7, 1.0), (71, 7, 2.0), (70, 8, 1.0)], "user int, item int, rating float")
    with pytest.raises(ParameterError, match=r"equations of item [78] are singular.*raise regParam"):
        als.setRegParam(0).setBroadcastLimit(limit).fit(frame)


def test_an_unknown_device_is_named(als, ratings):
    with pytest.raises(GPUALSError, match='"warp" is no device'):
        als.setDevice("warp").fit(ratings)


def test_parameters_are_refused_in_sparks_words(als, ratings):
    with pytest.raises(IllegalArgumentException, match="rank given invalid value 0"):
        als.setRank(0).fit(ratings)


def test_a_column_that_is_no_number_is_refused_in_sparks_words(als, ratings):
    with pytest.raises(IllegalArgumentException, match="user"):
        als.fit(ratings.selectExpr("cast(user as string) user", "item", "rating"))


@pytest.mark.parametrize(("name", "value"), [("maxIter", 0), ("broadcastLimit", -1)])
def test_own_limits_of_parameters_are_checked(als, ratings, name, value):
    with pytest.raises(ParameterError, match=f"{name} is {value}"):
        als.copy({als.getParam(name): value}).fit(ratings)


def test_a_frame_of_spark_connect_is_refused(als):
    frame = type("DataFrame", (), {"__module__": "pyspark.sql.connect.dataframe"})()
    with pytest.raises(ParameterError, match="Spark Connect"):
        als.fit(frame)


def test_the_error_of_an_executor_is_found_in_sparks_report():
    report = (
        "Job aborted\n  File ...\ngpuals.errors.DataError: column u holds an id that is null\n\n\tat org.apache.spark"
    )
    found = cause_of(report)
    assert type(found) is DataError
    assert str(found) == "column u holds an id that is null"
    assert type(cause_of("ModuleNotFoundError: No module named 'gpuals'\n")) is LibraryNotFoundError
    assert cause_of("java.lang.OutOfMemoryError") is None


def test_the_gpu_of_a_task_is_the_one_at_its_place_among_the_gpus():
    assert [selector_of(address, [1, 4]) for address in "01"] == ["1", "4"]
    with pytest.raises(DeviceUnavailableError, match=r"GPU 2 .* finds 2 GPUs"):
        selector_of("2", [1, 4])
    with pytest.raises(DeviceUnavailableError, match=r"GPU GPU-7f .* finds 1 GPUs"):
        selector_of("GPU-7f", [0])


def test_numbers_of_gpus_are_numbers_of_devices():
    numbers = gpu_numbers()
    assert numbers == sorted(set(numbers))
    assert all(number >= 0 for number in numbers)
