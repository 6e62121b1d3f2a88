"""One side of the ratings, users or items, as the driver sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from pyspark import RDD, StorageLevel

from gpuals.spark.blocks import RatingBlock, parts_of
from gpuals.spark.records import Record, records_of


@dataclasses.dataclass
class Side:
    """The blocks of a side, cached on the executors, one to a partition, and how large they are."""

    #: "user" or "item".
    name: str
    blocks: RDD[Record]
    #: The number of blocks.
    count: int
    #: Ids that have ratings.
    rows: int
    #: Ratings.
    entries: int
    #: The rows of the other side that blocks need, summed over the blocks: what a half-step by shuffle sends.
    columns: int
    level: StorageLevel
    _routes: RDD[Record] | None = None

    @classmethod
    def of(cls, name: str, blocks: RDD[Record], count: int, level: StorageLevel) -> Side:
        """Computes the blocks, caches and measures them."""
        blocks.setName(f"gpuals {name} blocks").persist(level)
        try:
            sizes = blocks.mapPartitions(_sizes).collect()
        except BaseException:
            blocks.unpersist()
            raise
        rows, entries, columns = (sum(numbers) for numbers in zip(*sizes)) if sizes else (0, 0, 0)
        return cls(name, blocks, count, rows, entries, columns, level)

    def routes(self, destinations: int) -> RDD[Record]:
        """For each block, which of its rows each block of the other side needs; cached at the first call.

        Args:
            destinations: the number of blocks of the other side.
        """
        if self._routes is None:

            def routes(records: Iterable[Record]) -> Iterator[Record]:

                block, parts = parts_of(records)
                if RatingBlock.has_arrived(parts):
                    offsets, rows = RatingBlock.read(parts).routes(destinations)
                    yield from records_of(block, "route offsets", offsets)
                    yield from records_of(block, "route rows", rows)

            self._routes = self.blocks.mapPartitions(routes, preservesPartitioning=True)
            self._routes.setName(f"gpuals {self.name} routes").persist(self.level)
        return self._routes

    def gathered(self, tasks: int | None) -> RDD[Record]:
        """The blocks in so many partitions, one behind the other in each, where their executors have them; ``None``: one to a partition."""
        return self.blocks if tasks is None else self.blocks.coalesce(tasks)

    def unpersist(self) -> None:
        """Lets the executors forget the blocks."""
        self.blocks.unpersist()
        if self._routes is not None:
            self._routes.unpersist()


def _sizes(records: Iterable[Record]) -> Iterator[tuple[int, int, int]]:
    _, parts = parts_of(records)
    if RatingBlock.has_arrived(parts):
        block = RatingBlock.read(parts)
        yield len(block.row_ids), len(block.values), len(block.column_ids)
