"""What a task of a half-step does: the factors of one block's rows, with those of the other side fixed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

import gpuals
from gpuals.errors import GPUALSError, SoftwareError
from gpuals.parameters import Parameters
from gpuals.spark.blocks import Floats, Int32s, RatingBlock, blocks_of
from gpuals.spark.devices import device_of_task
from gpuals.spark.records import Parts, Record, records_of

Doubles = npt.NDArray[np.float64]

#: Rows that are widened to 64 bits at a time for the Gramian.
_WIDENED = 1 << 14
#: How messages of the library name options of the command line.
_OPTION = re.compile(r"--(?=[a-z])")
#: The option, or the parameter of the C interface, that is regParam here.
_REGULARIZATION = re.compile(r"(?:--)?\bregularization\b")
#: Where the library names a row of the matrix that it was given.
_ROW = re.compile(r"\b(?:(?:user|item) )?row (\d+)")


@dataclasses.dataclass(frozen=True)
class HalfStep:
    """What the tasks of a half-step have in common."""

    #: The side that is solved, "user" or "item".
    side: str
    parameters: Parameters
    #: ``device`` of the estimator.
    device: str

    def factors(self, block: int, ratings: RatingBlock, fixed: Floats, gramian: Floats | None) -> Iterator[Record]:
        """Solves a block.

        Args:
            block: its number.
            ratings: its ratings.
            fixed: columns of the block x rank.
            gramian: rank x rank, of all rows of the fixed side; ``None`` in explicit training.

        Raises:
            ParameterError: the equations of a row are singular; it is named by its id.
            DeviceUnavailableError: there is no such device, or its memory does not suffice.
        """
        try:
            solved = gpuals.solve_rows(device_of_task(self.device), self.parameters, ratings.matrix, fixed, gramian)
        except GPUALSError as error:
            raise type(error)(named(str(error), self.side, ratings.row_ids)) from error
        yield from factor_records(block, ratings.row_ids, solved, with_gramian=self.parameters.implicit)


def named(message: str, side: str, ids: Int32s) -> str:
    """A message of the library in the terms of the estimator: the id in place of the row of a block, parameters in place of options."""

    def id_of(found: re.Match[str]) -> str:
        row = int(found[1])
        return f"{side} {ids[row]}" if row < len(ids) else found[0]

    text = _OPTION.sub("", _REGULARIZATION.sub("regParam", _ROW.sub(id_of, message)))
    return text.replace("that user's", f"that {side}'s")


def gramian_of(factors: Floats) -> Doubles:
    """The sum of ``y y^T`` over the rows, in 64 bits, as Spark's: rank x rank."""
    rank = factors.shape[1]
    total: Doubles = np.zeros((rank, rank))
    for first in range(0, len(factors), _WIDENED):
        some = factors[first : first + _WIDENED].astype(np.float64)
        total += some.T @ some
    return total


def factor_records(block: int, ids: Int32s, factors: Floats, *, with_gramian: bool) -> Iterator[Record]:
    """What a half-step leaves of a block: ids, factors, and their Gramian in implicit training."""
    yield from records_of(block, "ids", ids)
    yield from records_of(block, "factors", factors)
    if with_gramian:
        yield from records_of(block, "gramian", gramian_of(factors))


def start_records(
    records: Iterable[Record], seed: int, rank: int, blocks: int, *, with_gramian: bool
) -> Iterator[Record]:
    """The initial factors of some blocks of users, those that Spark's ALS begins with.

    Args:
        records: the blocks, one behind the other.
        seed: that of the estimator.
        rank: the length of a factor vector.
        blocks: the number of blocks.
        with_gramian: whether training is implicit.
    """
    for block, parts in blocks_of(records):
        if RatingBlock.has_arrived(parts):
            ids = parts.take("row_ids", np.int32)
            factors = gpuals.spark_start(seed, rank, blocks, ids)
            yield from factor_records(block, ids, factors, with_gramian=with_gramian)


def factors_of(parts: Parts, rank: int) -> tuple[Int32s, Floats]:
    """Ids and factors of a block, from :func:`factor_records`."""
    return parts.take("ids", np.int32), parts.take("factors", np.float32).reshape(-1, rank)


def fixed_from_messages(column_ids: Int32s, parts: Parts, sources: int, rank: int) -> Floats:
    """The factors of a block's columns, put together from the messages of the blocks that own them.

    Args:
        column_ids: the columns, ascending.
        parts: what arrived; the message of block s is called s.
        sources: the number of blocks of the other side.
        rank: the length of a factor vector.

    Raises:
        SoftwareError: a message is missing, or of another length.
    """
    fixed: Floats = np.empty((len(column_ids), rank), np.float32)
    owner = column_ids % np.int32(sources)
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(sources + 1))
    for source in np.flatnonzero(np.diff(bounds)).tolist():
        places = order[bounds[source] : bounds[source + 1]]
        message = parts.take(message_name(source), np.float32).reshape(-1, rank)
        if len(message) != len(places):
            raise SoftwareError(
                f"block {source} has sent the factors of {len(message)} rows, and {len(places)} are needed: the ratings were not the same "
                "when a lost block was made again; give the estimator a DataFrame that is cached, checkpointed or read from files"
            )
        # Both ascend by id.
        fixed[places] = message
    return fixed


def message_name(source: int) -> str:
    """What the array of a message from a block of the other side is called."""
    return f"from {source}"
