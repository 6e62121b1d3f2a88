"""The ratings of a block of users, or of items, as a sparse matrix."""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from gpuals.spark.archives import spare_archives
from gpuals.spark.records import Parts, Record, records_of

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

#: What is added to an id so that ids below zero sort before the others as numbers without a sign.
_SIGN = np.int64(1) << 31

#: Routes are found for as many rows at a time as have so many pairs with destinations, a byte each, and so many entries.
_MARKS = 64 << 20
_MARKED_ENTRIES = 4 << 20


@dataclasses.dataclass(frozen=True)
class RatingBlock:
    """The ratings of a block's rows. Columns are numbered by :attr:`column_ids`, so that the factors that the block needs are a dense
    matrix of its own, whichever way they come."""

    #: The ids of the rows, ascending.
    row_ids: Int32s
    #: Rows + 1: where each row's entries begin.
    offsets: Int64s
    #: The column of each entry, as a place in :attr:`column_ids`; not descending within a row.
    columns: Int32s
    #: The ids of the columns that have entries, ascending.
    column_ids: Int32s
    #: The value of each entry.
    values: Floats

    @classmethod
    def of(cls, rows: Int32s, columns: Int32s, values: Floats) -> RatingBlock:
        """A block from its entries in any order.

        Pairs that are there twice stay so. The result depends on what the entries are and not on their order, so that a block that is made
        again after a loss is the same, bit for bit. O(n log n).

        Args:
            rows: the row id of each entry.
            columns: the column id of each entry.
            values: the value of each entry.
        """
        keys = ((rows.astype(np.int64) + _SIGN) << 32 | (columns.astype(np.int64) + _SIGN)).view(np.uint64)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        if len(keys) > 1 and bool((keys[1:] == keys[:-1]).any()):
            order = order[np.lexsort((values[order], keys))]
        del keys
        rows, columns, values = rows[order], columns[order], values[order]
        starts = np.flatnonzero(np.diff(rows, prepend=rows[:1] - 1)) if len(rows) else np.empty(0, np.int64)
        column_ids = np.unique(columns)
        return cls(
            row_ids=rows[starts],
            offsets=np.append(starts, len(rows)).astype(np.int64),
            columns=np.searchsorted(column_ids, columns).astype(np.int32),
            column_ids=column_ids,
            values=values,
        )

    @property
    def matrix(self) -> csr_matrix:
        """Rows x columns, for :func:`gpuals.solve_rows`; shares the arrays."""
        matrix = csr_matrix((len(self.row_ids), len(self.column_ids)), dtype=np.float32)
        # Not by the constructor, which looks for the order of the columns and copies offsets of 64 bits.
        matrix.data, matrix.indices, matrix.indptr = self.values, self.columns, self.offsets
        matrix.has_sorted_indices = True
        return matrix

    def entries(self, some: slice) -> tuple[Int32s, Int32s, Floats]:
        """Row id, column id and value of some of the entries."""
        begin, end, _ = some.indices(len(self.values))
        places = np.searchsorted(self.offsets, np.arange(begin, end), side="right") - 1
        return self.row_ids[places], self.column_ids[self.columns[some]], self.values[some]

    def routes(self, destinations: int) -> tuple[Int64s, Int32s]:
        """Which rows each block of the other side needs, those whose columns are its own.

        Args:
            destinations: the number of blocks of the other side.

        Returns:
            Destinations + 1 offsets, and the places of the rows of each destination, ascending.
        """
        owner = self.column_ids % np.int32(destinations)
        counts = np.zeros(destinations, np.int64)
        found: list[tuple[Int64s, Int64s]] = []
        first = 0
        while first < len(self.row_ids):
            last = int(np.searchsorted(self.offsets, self.offsets[first] + _MARKED_ENTRIES, side="right")) - 1
            last = min(max(last, first + 1), first + max(1, _MARKS // destinations), len(self.row_ids))
            lengths = np.diff(self.offsets[first : last + 1])
            marks = np.zeros((destinations, last - first), bool)
            places = np.repeat(np.arange(last - first), lengths)
            marks[owner[self.columns[self.offsets[first] : self.offsets[last]]], places] = True
            targets, rows = np.nonzero(marks)
            counts += np.bincount(targets, minlength=destinations)
            found.append((targets, rows + first))
            first = last
        targets = np.concatenate([pair[0] for pair in found]) if found else np.empty(0, np.int64)
        rows = np.concatenate([pair[1] for pair in found]) if found else np.empty(0, np.int64)
        if len(found) > 1:
            rows = rows[np.argsort(targets, kind="stable")]
        return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), rows.astype(np.int32)

    def records(self, block: int) -> Iterator[Record]:
        """The block as records, :meth:`read` by the executors."""
        for name in _KINDS:
            yield from records_of(block, name, getattr(self, name))

    @classmethod
    def read(cls, parts: Parts) -> RatingBlock:
        """The block that these records are of.

        Raises:
            SoftwareError: records are missing.
        """
        return cls(**{name: parts.take(name, kind) for name, kind in _KINDS.items()})

    @staticmethod
    def has_arrived(parts: Parts) -> bool:
        """Whether the records are of a block at all: a block without ratings has none."""
        return "row_ids" in parts


_KINDS: dict[str, npt.DTypeLike] = {
    "row_ids": np.int32,
    "offsets": np.int64,
    "columns": np.int32,
    "column_ids": np.int32,
    "values": np.float32,
}


def blocks_of(records: Iterable[Record]) -> Iterator[tuple[int, Parts]]:
    """The blocks of a partition that holds some, one behind the other: the number of each, and what arrived of it."""
    spare_archives()
    for block, own in itertools.groupby(records, key=operator.itemgetter(0)):
        parts = Parts()
        for _, (name, start, content) in own:
            parts.add(name, start, content)
        yield block, parts


def parts_of(records: Iterable[Record]) -> tuple[int, Parts]:
    """All records of a partition, which is one block: its number, and what arrived. -1: nothing."""
    spare_archives()
    block, parts = -1, Parts()
    for number, (name, start, content) in records:
        block = number
        parts.add(name, start, content)
    return block, parts
