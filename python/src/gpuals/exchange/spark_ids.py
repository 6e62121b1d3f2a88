"""Ids as Spark's ALS has them: whole numbers of 32 bits."""

from __future__ import annotations

import csv
import io
import os

import numpy as np
import numpy.typing as npt

from gpuals.errors import DataError

_RANGE = np.iinfo(np.int32)


def spark_ids(lines: list[bytes], kind: str) -> npt.NDArray[np.int32]:
    """The ids of a model as whole numbers.

    Args:
        lines: the ids as gpuals keeps them.
        kind: what they are ids of, ``user`` or ``item``.

    Raises:
        DataError: one is none; it is named.
    """
    values = np.empty(len(lines), dtype=np.int32)
    for row, line in enumerate(lines):
        # What reads as a number and does not look like it, such as 007, would come back as another id.
        value = _whole_number(line)
        if value is None or not _RANGE.min <= value <= _RANGE.max:
            raise DataError(
                f'{kind} "{line.decode("utf-8", "replace")}" has an id that Spark\'s ALS cannot have: its ids are whole'
                f" numbers from {_RANGE.min} to {_RANGE.max}. --number-ids gives rows their numbers for ids, and writes"
                " which is which beside the model"
            )
        values[row] = value
    return values


def _whole_number(line: bytes) -> int | None:
    try:
        value = int(line)
    except ValueError:
        return None
    return value if str(value).encode() == line else None


def write_id_table(path: str, lines: list[bytes], kind: str) -> None:
    """Writes which id Spark knows a user or an item by: a CSV file of the columns ``id``, a number from 0, and ``user`` or ``item``.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", kind])
        writer.writerows((row, line.decode("utf-8")) for row, line in enumerate(lines))
        file.flush()
        os.fsync(file.fileno())


def read_id_table(path: str, kind: str, ids: npt.NDArray[np.int32]) -> list[bytes]:
    """The ids that stand for those of a model in a table of :func:`write_id_table`.

    Args:
        path: the table.
        kind: ``user`` or ``item``.
        ids: those that Spark knows, all different.

    Raises:
        DataError: it is no such table, or one of the ids is not in it.
        FileNotFoundError: there is none.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        data = file.read()
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
        if not rows or rows[0] != ["id", kind]:
            raise DataError(f"{path}: its first line is not id,{kind}")
        table = {int(number): name for number, name in rows[1:]}
    except (csv.Error, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} is no table of ids that gpuals wrote: {error}") from error
    names = []
    for value in ids.tolist():
        if value not in table:
            raise DataError(f"{path} has no line for the id {value} of the model: is it that of another one? Remove it")
        names.append(table[value].encode("utf-8"))
    if len(set(names)) != len(names) or any(not name or b"\n" in name for name in names):
        raise DataError(f"{path} gives two rows the same id, or one none, or one of several lines")
    return names
