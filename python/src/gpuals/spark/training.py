"""The loop: items, then users, in turn, half-steps on the executors."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from collections.abc import Iterator
from typing import Union

from pyspark import RDD, SparkContext, StorageLevel

from gpuals.errors import DataError
from gpuals.parameters import Parameters
from gpuals.spark.broadcast_factors import BroadcastFactors
from gpuals.spark.checkpoints import Checkpoint
from gpuals.spark.half_step import HalfStep, start_records
from gpuals.spark.ratings import item_blocks
from gpuals.spark.records import Record
from gpuals.spark.shuffled_factors import ShuffledFactors
from gpuals.spark.sides import Side

Factors = Union[BroadcastFactors, ShuffledFactors]

_log = logging.getLogger("gpuals.spark")

#: Ratings that a task is worth its start for.
_RATINGS_OF_A_TASK = 2_000_000


@dataclasses.dataclass(frozen=True)
class Plan:
    """How a training run is spread over the cluster."""

    parameters: Parameters
    #: The seed of Spark's ALS, 64 bits with a sign.
    seed: int
    user_blocks: int
    item_blocks: int
    #: ``device`` of the estimator.
    device: str
    #: Bytes of a side's factors up to which they are broadcast.
    broadcast_limit: int
    #: Iterations between checkpoints; -1: none.
    checkpoint_interval: int
    #: Where blocks and factors are cached.
    level: StorageLevel


class Training:
    """A training run. :meth:`run` it once, read :attr:`users` and :attr:`items`, then :meth:`close` it."""

    #: The trained factors.
    users: Factors
    items: Factors

    def __init__(self, context: SparkContext, plan: Plan) -> None:
        self._context, self._plan = context, plan
        self._checkpoint = Checkpoint()
        self._sides: list[Side] = []
        self._held: list[Factors] = []

    def run(self, user_ratings: RDD[Record]) -> None:
        """Trains.

        Args:
            user_ratings: the blocks of the users.

        Raises:
            GPUALSError: there are no ratings, or a task failed with it.
        """
        plan, context = self._plan, self._context
        with described(context, "gpuals ALS: user blocks"):
            users = self._side("user", user_ratings, plan.user_blocks)
        if users.entries == 0:
            raise DataError("there are no ratings to train on: the DataFrame has no rows")
        with described(context, "gpuals ALS: item blocks"):
            items = self._side("item", item_blocks(users.blocks, plan.item_blocks), plan.item_blocks)
        rank, implicit = plan.parameters.rank, plan.parameters.implicit
        seed, blocks = plan.seed, plan.user_blocks
        tasks = self._tasks(users)
        start = users.gathered(tasks).mapPartitions(
            lambda records: start_records(records, seed, rank, blocks, with_gramian=implicit),
            preservesPartitioning=tasks is None,
        )
        with described(context, "gpuals ALS: initial user factors"):
            self.users = self._keep(users, start, "gpuals user factors 0", None)
        for iteration in range(1, plan.parameters.iterations + 1):
            self.items = self._half_step(self.users, items, iteration)
            self.users = self._half_step(self.items, users, iteration)

    def close(self, *, keep_factors: bool) -> None:
        """Lets the executors forget what training needed.

        Args:
            keep_factors: whether the trained factors stay, as their DataFrames may have to be computed again.
        """
        for side in self._sides:
            side.unpersist()
        for factors in self._held:
            # Factors that are an RDD can be made again, those of a broadcast cannot.
            if not (keep_factors and isinstance(factors, BroadcastFactors)):
                factors.release()
        self._held.clear()

    def _side(self, name: str, blocks: RDD[Record], count: int) -> Side:
        began = time.monotonic()
        side = Side.of(name, blocks, count, self._plan.level)
        self._sides.append(side)
        _log.info(
            "%s blocks: %d rows, %d ratings, %d columns, %.1f s",
            name,
            side.rows,
            side.entries,
            side.columns,
            time.monotonic() - began,
        )
        return side

    def _half_step(self, fixed: Factors, target: Side, iteration: int) -> Factors:
        began = time.monotonic()
        name = f"gpuals {target.name} factors {iteration}"
        with described(self._context, f"gpuals ALS: iteration {iteration}, {target.name}s"):
            step = HalfStep(target.name, self._plan.parameters, self._plan.device)
            solved = (
                fixed.solve(target, step, self._tasks(target))
                if isinstance(fixed, BroadcastFactors)
                else fixed.solve(target, step)
            )
            factors = self._keep(
                target, solved, name, self._checkpoint if self._is_checkpointed(target, iteration) else None
            )
        _log.info("iteration %d: %ss solved, %.1f s", iteration, target.name, time.monotonic() - began)
        return factors

    def _keep(self, side: Side, solved: RDD[Record], name: str, checkpoint: Checkpoint | None) -> Factors:
        rank, implicit = self._plan.parameters.rank, self._plan.parameters.implicit
        factors: Factors
        if self._is_broadcast(side):
            factors = BroadcastFactors(side, rank, solved, implicit=implicit)
        else:
            factors = ShuffledFactors(side, rank, solved, name, implicit=implicit, checkpoint=checkpoint)
        self._release_older()
        self._held.append(factors)
        return factors

    def _release_older(self) -> None:
        """Releases what neither the factors that are to come nor those before them can be made again from."""
        for older in self._held[:-2]:
            older.release()
        self._held = self._held[-2:]
        if len(self._held) == 2:
            source, previous = self._held
            # A broadcast that an RDD was made of cannot be made again, and the RDD may have to.
            if isinstance(source, ShuffledFactors) or isinstance(previous, BroadcastFactors):
                source.release()
                self._held = [previous]

    def _tasks(self, side: Side) -> int | None:
        """Into how many tasks the blocks of a side are gathered: a task of few ratings costs more than its work. ``None``: not at all,
        as its factors are to stay where the blocks are, or as blocks are large enough."""
        tasks = max(self._context.defaultParallelism, side.entries // _RATINGS_OF_A_TASK)
        return tasks if tasks < side.count and self._is_broadcast(side) else None

    def _is_broadcast(self, side: Side) -> bool:
        return side.rows * self._plan.parameters.rank * 4 <= min(
            self._plan.broadcast_limit, result_limit(self._context)
        )

    def _is_checkpointed(self, side: Side, iteration: int) -> bool:
        # One side is enough: the factors of the other are made of these.
        interval = self._plan.checkpoint_interval
        has_directory = self._context._jsc.sc().getCheckpointDir().isDefined()
        return side.name == "item" and interval > 0 and iteration % interval == 0 and has_directory


def result_limit(context: SparkContext) -> int:
    """Bytes of factors that the driver can collect: three quarters of ``spark.driver.maxResultSize``, as more than factors comes."""
    assert context._jvm is not None
    text = context.getConf().get("spark.driver.maxResultSize", "1g")
    limit = int(context._jvm.org.apache.spark.network.util.JavaUtils.byteStringAsBytes(text))
    return limit * 3 // 4 if limit > 0 else 1 << 62


@contextlib.contextmanager
def described(context: SparkContext, text: str) -> Iterator[None]:
    """Names the jobs of a block on Spark's pages, where nobody else has."""
    key = "spark.job.description"
    before = context.getLocalProperty(key)
    if before is None:
        context.setLocalProperty(key, text)
    try:
        yield
    finally:
        if before is None:
            context._jsc.setLocalProperty(key, None)
