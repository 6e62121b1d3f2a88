"""Trained factors as Spark's own ``ALSModel``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyspark import RDD, StorageLevel
from pyspark.ml.recommendation import ALS as SparkALS
from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame, SparkSession

from gpuals.spark.archives import spare_archives
from gpuals.spark.blocks import blocks_of
from gpuals.spark.half_step import factors_of
from gpuals.spark.records import Record

#: Bytes of factors in a batch of Arrow's.
_BATCH_BYTES = 4 << 20


def factor_frame(session: SparkSession, records: RDD[Record], rank: int, level: StorageLevel | None) -> DataFrame:
    """Factors as Spark's ALSModel has them: ``id: int, features: array<float>``.

    Args:
        session: the session of the DataFrame.
        records: the factors, the blocks of a partition one behind the other.
        rank: the length of a factor vector.
        level: where the result is cached, computed at once; ``None``: nowhere.
    """

    def batches(arrived: Iterable[Record]) -> Iterator[tuple[bytes, bytes]]:
        for _, parts in blocks_of(arrived):
            if "factors" in parts:
                ids, factors = factors_of(parts, rank)
                step = max(1, _BATCH_BYTES // (4 * rank))
                for first in range(0, len(ids), step):
                    yield ids[first : first + step].tobytes(), factors[first : first + step].tobytes()

    def rows(arrived: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        spare_archives()
        for batch in arrived:
            for ids, factors in zip(batch.column(0), batch.column(1)):
                numbers = pa.array(np.frombuffer(ids.as_buffer(), np.int32))
                offsets = pa.array(np.arange(len(numbers) + 1, dtype=np.int32) * rank)
                features = pa.ListArray.from_arrays(offsets, pa.array(np.frombuffer(factors.as_buffer(), np.float32)))
                yield pa.RecordBatch.from_arrays([numbers, features], ["id", "features"])

    packed = session.createDataFrame(records.mapPartitions(batches), "ids binary, factors binary", verifySchema=False)
    frame = packed.mapInArrow(rows, "id int, features array<float>")
    if level is not None:
        frame.persist(level).count()
    return frame


def als_model(spark_als: SparkALS, rank: int, users: DataFrame, items: DataFrame) -> ALSModel:
    """Spark's model of these factors, as its own estimator makes it.

    Args:
        spark_als: Spark's estimator with the same uid and parameters, which becomes the parent of the model.
        rank: the length of a factor vector.
        users: id and features of the users.
        items: id and features of the items.
    """
    context = users.sparkSession.sparkContext
    assert context._jvm is not None
    # private[ml] in Scala, and public in the class file: the one way to a model whose factors come from elsewhere.
    java_model = context._jvm.org.apache.spark.ml.recommendation.ALSModel(spark_als.uid, rank, users._jdf, items._jdf)
    java_model.setParent(spark_als._java_obj)
    model = spark_als._copyValues(ALSModel(java_model))
    # transform would do so itself, recommendations would not.
    model._transfer_params_to_java()
    return model


def storage_level(session: SparkSession, name: str) -> StorageLevel:
    """A storage level by the name that Spark knows it by."""
    context = session.sparkContext
    assert context._jvm is not None
    level = context._jvm.org.apache.spark.storage.StorageLevel.fromString(name)
    return StorageLevel(
        level.useDisk(), level.useMemory(), level.useOffHeap(), level.deserialized(), level.replication()
    )
