"""The factors of a side on the driver, sent to all executors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from pyspark import RDD, Broadcast

from gpuals.spark.archives import spare_archives
from gpuals.spark.blocks import Floats, Int32s, RatingBlock, blocks_of
from gpuals.spark.half_step import HalfStep, factor_records
from gpuals.spark.records import Parts, Record
from gpuals.spark.sides import Side


class BroadcastFactors:
    """The factors of all rows of a side, ascending by id, as a broadcast variable. They stand on the driver, so that a lost executor costs
    no more than the blocks that it was solving, and no lineage grows."""

    def __init__(self, side: Side, rank: int, solved: RDD[Record], *, implicit: bool) -> None:
        """Computes the factors, and sends them.

        Args:
            side: the side that the factors are of.
            rank: the length of a factor vector.
            solved: the records of a half-step of that side.
            implicit: whether training is implicit, so that there is a Gramian.
        """
        self._side, self._rank = side, rank
        blocks: dict[int, Parts] = {}
        for block, (array, start, content) in solved.collect():
            blocks.setdefault(block, Parts()).add(array, start, content)
        numbers = sorted(blocks)
        gramians = [blocks[number].take("gramian", np.float64) for number in numbers] if implicit else []
        ids: Int32s = np.concatenate([blocks[number].take("ids", np.int32) for number in numbers])
        factors: Floats = np.concatenate(
            [blocks.pop(number).take("factors", np.float32).reshape(-1, rank) for number in numbers]
        )
        order = np.argsort(ids)
        # In the order of the blocks, so that the sum is the same each time.
        gramian = sum(gramians[1:], gramians[0]).reshape(rank, rank).astype(np.float32) if gramians else None
        #: Ids ascending, their factors, the Gramian.
        self.value: Broadcast[tuple[Int32s, Floats, Any]] = solved.context.broadcast(
            (ids[order], factors[order], gramian)
        )

    def solve(self, target: Side, half_step: HalfStep, tasks: int | None = None) -> RDD[Record]:
        """The half-step that solves the other side, to be computed.

        Args:
            target: that side.
            half_step: what is computed.
            tasks: how many tasks do it, of some blocks each; ``None``: one for each block, in whose partition the result then is.
        """
        value = self.value

        def solve(records: Iterable[Record]) -> Iterator[Record]:
            for block, parts in blocks_of(records):
                if RatingBlock.has_arrived(parts):
                    ids, factors, gramian = value.value
                    ratings = RatingBlock.read(parts)
                    fixed = factors[np.searchsorted(ids, ratings.column_ids)]
                    yield from half_step.factors(block, ratings, fixed, gramian)

        return target.gathered(tasks).mapPartitions(solve, preservesPartitioning=tasks is None)

    def records(self) -> RDD[Record]:
        """The factors as an RDD, some blocks to a partition. It needs this broadcast as long as it may be computed."""
        value, blocks, context = self.value, self._side.count, self._side.blocks.context

        def records(numbers: Iterable[int]) -> Iterator[Record]:
            spare_archives()
            ids, factors, _ = value.value
            for block in numbers:
                own = np.flatnonzero(ids % np.int32(blocks) == block)
                if len(own):
                    yield from factor_records(block, ids[own], factors[own], with_gramian=False)

        return context.parallelize(range(blocks), min(blocks, context.defaultParallelism)).mapPartitions(records)

    def release(self) -> None:
        """Forgets them, here and on the executors."""
        self.value.destroy()
