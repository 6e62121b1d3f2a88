"""The factors of a side on the executors, sent in blocks to those that need them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from pyspark import RDD

from gpuals.errors import SoftwareError
from gpuals.spark.archives import spare_archives
from gpuals.spark.blocks import Floats, RatingBlock, parts_of
from gpuals.spark.checkpoints import Checkpoint
from gpuals.spark.half_step import HalfStep, factors_of, fixed_from_messages, message_name
from gpuals.spark.ratings import block_number
from gpuals.spark.records import SHUFFLED_BYTES, Record, array_of, records_of
from gpuals.spark.sides import Side


class ShuffledFactors:
    """The factors of a side as a cached RDD of blocks. A half-step sends to each block of the other side the rows that its ratings name, as
    Spark's own ALS does."""

    def __init__(
        self,
        side: Side,
        rank: int,
        solved: RDD[Record],
        name: str,
        *,
        implicit: bool,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        """Computes the factors, and caches them.

        Args:
            side: the side that the factors are of.
            rank: the length of a factor vector.
            solved: the records of a half-step of that side.
            name: what the factors are called on Spark's page of storage.
            implicit: whether training is implicit, so that there is a Gramian.
            checkpoint: where they are written to, so that the lineage ends here; ``None``: nowhere.
        """
        self._side, self._rank = side, rank
        self._solved = solved.setName(name).persist(side.level)
        if checkpoint is not None:
            checkpoint.mark(self._solved)

        try:
            self._gramian = self._sum_of_gramians() if implicit else None
            if not implicit:
                # Computes all blocks without a Python process that reads them.
                self._solved._jrdd.count()
        except BaseException:
            self.release()
            raise
        if checkpoint is not None:
            checkpoint.is_written(self._solved)

    def _sum_of_gramians(self) -> Floats:
        def gramians(records: Iterable[Record]) -> Iterator[tuple[int, int, bytes]]:
            spare_archives()
            for block, (array, start, content) in records:
                if array == "gramian":
                    yield block, start, content

        parts = self._solved.mapPartitions(gramians).collect()
        # In the order of the blocks, so that the sum is the same each time.
        blocks = sorted({block for block, _, _ in parts})
        summands = [array_of([part[1:] for part in parts if part[0] == block], np.float64) for block in blocks]
        total: Floats = sum(summands[1:], summands[0]).reshape(self._rank, self._rank).astype(np.float32)
        return total

    def solve(self, target: Side, half_step: HalfStep) -> RDD[Record]:
        """The half-step that solves the other side, to be computed."""
        rank, sources, gramian = self._rank, self._side.count, self._gramian

        def send(records: Iterable[Record]) -> Iterator[Record]:
            block, parts = parts_of(records)
            if "factors" not in parts:
                return
            _, factors = factors_of(parts, rank)
            offsets, rows = parts.take("route offsets", np.int64), parts.take("route rows", np.int32)
            step = max(1, SHUFFLED_BYTES // (4 * rank))
            for destination in np.flatnonzero(np.diff(offsets)).tolist():
                own = rows[offsets[destination] : offsets[destination + 1]]
                for first in range(0, len(own), step):
                    yield from records_of(
                        destination,
                        message_name(block),
                        factors[own[first : first + step]],
                        limit=step * 4 * rank,
                        start=first * 4 * rank,
                    )

        def solve(records: Iterable[Record]) -> Iterator[Record]:
            block, parts = parts_of(records)
            if RatingBlock.has_arrived(parts):
                ratings = RatingBlock.read(parts)
                fixed = fixed_from_messages(ratings.column_ids, parts, sources, rank)
                yield from half_step.factors(block, ratings, fixed, gramian)

        messages = _side_by_side(self._solved, self._side.routes(target.count)).mapPartitions(send)
        arrived = messages.partitionBy(target.count, block_number)
        return _side_by_side(target.blocks, arrived).mapPartitions(solve, preservesPartitioning=True)

    def records(self) -> RDD[Record]:
        """The factors as an RDD of blocks."""
        return self._solved

    def release(self) -> None:
        """Lets the executors forget them. They can be made again."""
        self._solved.unpersist()


def _side_by_side(first: RDD[Record], second: RDD[Record]) -> RDD[Record]:
    """Two RDDs of blocks as one whose partitions hold the records of both, without a shuffle."""
    both = first.union(second)
    if both.getNumPartitions() != first.getNumPartitions() or both.partitioner != first.partitioner:
        raise SoftwareError(
            "Spark has not put blocks of the same number into one partition: this version of PySpark is not one that gpuals.spark knows; "
            "raise broadcastLimit to do without"
        )
    return both
