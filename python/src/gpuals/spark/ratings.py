"""The ratings of a DataFrame, checked, and sent to the blocks of their users and of their items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark import RDD
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.types import DataType, DecimalType, FractionalType

from gpuals.errors import DataError
from gpuals.spark.archives import spare_archives
from gpuals.spark.blocks import Floats, Int32s, RatingBlock, parts_of
from gpuals.spark.records import SHUFFLED_BYTES, Record

#: How many ratings are sorted by their blocks at a time; more make longer messages, and take more memory.
_GATHERED = 1 << 21
#: Bytes of a rating in a message: user, item, value.
_RATING_BYTES = 12
_MOST = SHUFFLED_BYTES // _RATING_BYTES

Message = tuple[int, bytes]


def block_number(key: int) -> int:
    """Where a key belongs: keys are numbers of blocks. One function for all, as Spark compares partitioners by their function."""
    return key


def user_blocks(ratings: DataFrame, user: str, item: str, rating: str, blocks: int) -> RDD[Record]:
    """The blocks of the users: user u is in block u mod ``blocks``, as in Spark.

    Args:
        ratings: the ratings.
        user: column of the user ids.
        item: column of the item ids.
        rating: column of the ratings; "": all are 1.
        blocks: how many.
    """
    values = ratings[rating].cast("float") if rating else sql.lit(1.0).cast("float")
    chosen = ratings.select(_number(ratings, user).alias("u"), _number(ratings, item).alias("i"), values.alias("r"))
    messages = chosen.mapInArrow(_reader(user, item, rating, blocks), "block int, payload binary")
    return _blocks(messages.rdd.map(_as_message), blocks, of_items=False)


def item_blocks(users: RDD[Record], blocks: int) -> RDD[Record]:
    """The blocks of the items, item i in block i mod ``blocks``: from those of the users, so that the source of the ratings is read once,
    and both agree where it would not give the same rows twice."""

    def messages(records: Iterable[Record]) -> Iterator[Message]:
        _, parts = parts_of(records)
        if not RatingBlock.has_arrived(parts):
            return
        block = RatingBlock.read(parts)
        for first in range(0, len(block.values), _GATHERED):
            user_ids, item_ids, values = block.entries(slice(first, first + _GATHERED))
            yield from _messages(user_ids, item_ids, values, item_ids, blocks)

    return _blocks(users.mapPartitions(messages), blocks, of_items=True)


def _blocks(messages: RDD[Message], blocks: int, *, of_items: bool) -> RDD[Record]:
    def build(index: int, arrived: Iterable[Message]) -> Iterator[Record]:
        spare_archives()
        payloads = [payload for _, payload in arrived]
        if not payloads:
            return
        users: Int32s = np.concatenate([_field(payload, 0, np.int32) for payload in payloads])
        items: Int32s = np.concatenate([_field(payload, 1, np.int32) for payload in payloads])
        values: Floats = np.concatenate([_field(payload, 2, np.float32) for payload in payloads])
        payloads.clear()
        rows, columns = (items, users) if of_items else (users, items)
        yield from RatingBlock.of(rows, columns, values).records(index)

    return messages.partitionBy(blocks, block_number).mapPartitionsWithIndex(build, preservesPartitioning=True)


def _number(ratings: DataFrame, name: str) -> Column:
    # Both hold every id of 32 bits, and what is none stays one that can be told.
    kind: DataType = ratings.schema[name].dataType
    return ratings[name].cast("double" if isinstance(kind, (FractionalType, DecimalType)) else "long")


def _as_message(row: Any) -> Message:
    return row[0], row[1]


def _field(payload: bytes, place: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    count = len(payload) // _RATING_BYTES
    return np.frombuffer(payload, kind, count, place * count * 4)


def _messages(users: Int32s, items: Int32s, values: Floats, owners: Int32s, blocks: int) -> Iterator[Message]:
    """Ratings in messages to the blocks of their owners, ids of the one side or the other."""
    targets = owners % np.int32(blocks)  # Of the divisor's sign in NumPy: never below 0.
    order = np.argsort(targets, kind="stable")
    bounds = np.searchsorted(targets[order], np.arange(blocks + 1))
    users, items, values = users[order], items[order], values[order]
    for block in np.flatnonzero(np.diff(bounds)).tolist():
        for first in range(int(bounds[block]), int(bounds[block + 1]), _MOST):
            some = slice(first, min(first + _MOST, int(bounds[block + 1])))
            yield block, users[some].tobytes() + items[some].tobytes() + values[some].tobytes()


def _reader(
    user: str, item: str, rating: str, blocks: int
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        spare_archives()
        gathered: list[tuple[Int32s, Int32s, Floats]] = []
        count = 0

        def sent() -> Iterator[pa.RecordBatch]:
            users, items, values = (np.concatenate(arrays) for arrays in zip(*gathered))
            for block, payload in _messages(users, items, values, users, blocks):
                yield pa.RecordBatch.from_arrays(
                    [pa.array([block], pa.int32()), pa.array([payload], pa.binary())], ["block", "payload"]
                )

        for batch in batches:
            gathered.append(
                (ids_of(batch.column(0), user), ids_of(batch.column(1), item), values_of(batch.column(2), rating))
            )
            count += batch.num_rows
            if count >= _GATHERED:
                yield from sent()
                gathered.clear()
                count = 0
        if gathered:
            yield from sent()

    return read


def ids_of(column: pa.Array, name: str) -> Int32s:
    """A column of numbers as ids.

    Raises:
        DataError: one is missing, not whole, or does not fit into 32 bits.
    """
    if column.null_count:
        raise DataError(
            f"column {name} holds an id that is null: remove such rows, as with .na.drop(subset=['{name}'])"
        )
    ids = column.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        result: Int32s = ids.astype(np.int32)
    wrong = np.flatnonzero(result != ids)
    if len(wrong):
        raise DataError(
            f"column {name} holds the id {ids[wrong[0]]}, and ids have to be whole numbers from -2147483648 to 2147483647, as in Spark: "
            "number others, as with StringIndexer"
        )
    return result


def values_of(column: pa.Array, name: str) -> Floats:
    """A column of 32-bit floats as ratings.

    Raises:
        DataError: one is missing, infinite or not a number.
    """
    values: Floats = column.to_numpy(zero_copy_only=False)
    if column.null_count or not bool(np.isfinite(values).all()):
        place = int(np.flatnonzero(~np.isfinite(values))[0])
        what = "null" if not column[place].is_valid else str(values[place])
        raise DataError(
            f"column {name} holds the rating {what}, and ratings have to be finite 32-bit numbers: remove such rows, or replace the values"
        )
    return values
