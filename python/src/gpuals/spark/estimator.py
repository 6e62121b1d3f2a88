"""The estimator."""

from __future__ import annotations

from typing import Any, cast

from pyspark import keyword_only
from pyspark.ml import Estimator
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.recommendation import ALS as SparkALS
from pyspark.ml.recommendation import ALSModel, _ALSParams
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame

from gpuals.errors import ParameterError
from gpuals.parameters import Parameters
from gpuals.spark.failures import named_failures
from gpuals.spark.model import als_model, factor_frame, storage_level
from gpuals.spark.ratings import user_blocks
from gpuals.spark.setters import SettersOfALS
from gpuals.spark.training import Plan, Training, described


class ALS(
    SettersOfALS,
    Estimator[ALSModel],
    _ALSParams,
    DefaultParamsReadable["ALS"],
    DefaultParamsWritable,
):
    """Alternating least squares, with the parameters, defaults and meaning of ``pyspark.ml.recommendation.ALS``, computed by libgpuals
    on the devices of the executors. :meth:`fit` returns Spark's own ``ALSModel``; for the same seed and blocks it starts from the same
    factors, and ends at the same up to rounding.

    The differences: ``maxIter`` is at least 1; infinite ratings are an error, as are equations that cannot be solved, and the error names
    the user or item; ``ratingCol`` may be "" in all versions. Executors need the Python package ``gpuals`` and a device. Spark Connect is
    not supported, as it has no RDDs.

    Args:
        rank: length of a factor vector.
        maxIter: iterations; each solves items, then users.
        regParam: regularization, scaled by the number of ratings of a row.
        numUserBlocks: blocks of users, each a task of a half-step. At least as many as all executors run tasks at a time.
        numItemBlocks: blocks of items.
        implicitPrefs: whether ratings are evidence of a preference (Hu, Koren, Volinsky 2008).
        alpha: confidence 1 + alpha |r|, with ``implicitPrefs``.
        userCol: column of user ids, whole numbers of 32 bits.
        itemCol: column of item ids, whole numbers of 32 bits.
        seed: of the initial factors.
        ratingCol: column of ratings; "": all are 1.
        nonnegative: whether factors are kept at 0 or above.
        checkpointInterval: iterations between checkpoints of factors that are shuffled, where Spark has a checkpoint directory; -1: none.
        intermediateStorageLevel: where blocks and factors are cached.
        finalStorageLevel: where the model's factors are cached.
        coldStartStrategy: what the model predicts for unknown ids: "nan", or "drop" for no row.
        blockSize: of the model's recommendations.
        device: "auto" (the GPU that Spark gives to the task; without such, the best device of the machine), "reference" (without OpenCL,
            slow), or a number of ``gpuals devices``.
        broadcastLimit: bytes of the factors of a side up to which they are collected and broadcast; above, they are shuffled in blocks.
    """

    #: Set by keyword_only.
    _input_kwargs: dict[str, Any]

    device: Param[str] = Param(
        Params._dummy(),
        "device",
        'where executors compute: "auto", "reference", or a number of gpuals devices',
        typeConverter=TypeConverters.toString,
    )
    broadcastLimit: Param[int] = Param(
        Params._dummy(),
        "broadcastLimit",
        "bytes of the factors of a side up to which they are broadcast; above, they are shuffled in blocks",
        typeConverter=TypeConverters.toInt,
    )

    @keyword_only
    def __init__(
        self,
        *,
        rank: int = 10,
        maxIter: int = 10,
        regParam: float = 0.1,
        numUserBlocks: int = 10,
        numItemBlocks: int = 10,
        implicitPrefs: bool = False,
        alpha: float = 1.0,
        userCol: str = "user",
        itemCol: str = "item",
        seed: int | None = None,
        ratingCol: str = "rating",
        nonnegative: bool = False,
        checkpointInterval: int = 10,
        intermediateStorageLevel: str = "MEMORY_AND_DISK",
        finalStorageLevel: str = "MEMORY_AND_DISK",
        coldStartStrategy: str = "nan",
        blockSize: int = 4096,
        device: str = "auto",
        broadcastLimit: int = 256 << 20,
    ) -> None:
        super().__init__()
        self._setDefault(device="auto", broadcastLimit=256 << 20)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        rank: int = 10,
        maxIter: int = 10,
        regParam: float = 0.1,
        numUserBlocks: int = 10,
        numItemBlocks: int = 10,
        implicitPrefs: bool = False,
        alpha: float = 1.0,
        userCol: str = "user",
        itemCol: str = "item",
        seed: int | None = None,
        ratingCol: str = "rating",
        nonnegative: bool = False,
        checkpointInterval: int = 10,
        intermediateStorageLevel: str = "MEMORY_AND_DISK",
        finalStorageLevel: str = "MEMORY_AND_DISK",
        coldStartStrategy: str = "nan",
        blockSize: int = 4096,
        device: str = "auto",
        broadcastLimit: int = 256 << 20,
    ) -> ALS:
        """Sets those parameters that are given."""
        self._set(**self._input_kwargs)
        return self

    def getDevice(self) -> str:
        """Where executors compute."""
        return self.getOrDefault(self.device)

    def getBroadcastLimit(self) -> int:
        """Bytes of the factors of a side up to which they are broadcast."""
        return self.getOrDefault(self.broadcastLimit)

    def _fit(self, dataset: DataFrame) -> ALSModel:
        if "connect" in type(dataset).__module__.split("."):
            raise ParameterError(
                "gpuals.spark.ALS needs a session of Spark itself, and this DataFrame is one of Spark Connect, which has no RDDs: run the "
                "program by spark-submit, without SPARK_REMOTE or .remote(…)"
            )
        twin = self._checked_by_spark(dataset)
        plan = self._plan(dataset)
        session = dataset.sparkSession
        final = self.getFinalStorageLevel()
        level = None if final == "NONE" else storage_level(session, final)
        ratings = user_blocks(dataset, self.getUserCol(), self.getItemCol(), self.getRatingCol(), plan.user_blocks)
        training = Training(session.sparkContext, plan)
        is_done = False
        try:
            with named_failures():
                training.run(ratings)
                with described(session.sparkContext, "gpuals ALS: factors of the model"):
                    users = factor_frame(session, training.users.records(), self.getRank(), level)
                    items = factor_frame(session, training.items.records(), self.getRank(), level)
            is_done = True
        finally:
            # Without a cache for the factors, they are made again from those of training whenever they are read.
            if level is not None or not is_done:
                training.close(keep_factors=is_done)
        return als_model(twin, self.getRank(), users, items)

    def _plan(self, dataset: DataFrame) -> Plan:
        if self.getMaxIter() < 1:
            raise ParameterError(f"maxIter is {self.getMaxIter()}, and has to be 1 or more")
        if self.getBroadcastLimit() < 0:
            raise ParameterError(f"broadcastLimit is {self.getBroadcastLimit()}, and has to be 0 (never) or more")
        parameters = Parameters(
            rank=self.getRank(),
            iterations=self.getMaxIter(),
            regularization=self.getRegParam(),
            regularization_exponent=1,
            implicit=self.getImplicitPrefs(),
            alpha=self.getAlpha(),
            nonnegative=self.getNonnegative(),
        )
        return Plan(
            parameters=parameters,
            seed=self.getSeed(),
            user_blocks=self.getNumUserBlocks(),
            item_blocks=self.getNumItemBlocks(),
            device=self.getDevice(),
            broadcast_limit=self.getBroadcastLimit(),
            checkpoint_interval=self.getCheckpointInterval(),
            level=storage_level(dataset.sparkSession, self.getIntermediateStorageLevel()),
        )

    def _checked_by_spark(self, dataset: DataFrame) -> SparkALS:
        """Spark's own estimator with the same uid and parameters, which has checked them and the columns: each means what it means there.

        Raises:
            IllegalArgumentException: Spark refuses a parameter or a column.
        """
        twin: Any = SparkALS()
        twin._java_obj = SparkALS._new_java_obj("org.apache.spark.ml.recommendation.ALS", self.uid)
        twin._resetUid(self.uid)
        self._copyValues(twin)
        twin._transfer_params_to_java()
        # Spark 4.0 takes "" for the name of a column, though all ratings are 1 then.
        checked = twin._java_obj if self.getRatingCol() else twin._java_obj.copy(twin._empty_java_param_map())
        if not self.getRatingCol():
            checked.setRatingCol(self.getUserCol())
        checked.transformSchema(dataset._jdf.schema())
        return cast(SparkALS, twin)


# The name that saved pipelines keep, wherever the class is defined.
ALS.__module__ = "gpuals.spark"
