"""Arrays as the records that Spark moves, caches and joins.

A record is ``(block, (name, start, content))``: some bytes of the array ``name`` of a block, from its byte ``start`` on. Few big records,
as Spark's cost is by the record; none too big, as Spark gathers some of them before it writes, and cannot handle 2 GiB at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals.errors import SoftwareError

Array = npt.NDArray[Any]
Record = tuple[int, tuple[str, int, bytes]]

#: Bytes of a record that is cached or collected.
CACHED_BYTES = 4 << 20
#: Bytes of a record that is shuffled: PySpark gathers up to 1000 of them before it looks at its memory.
SHUFFLED_BYTES = 256 << 10


def records_of(block: int, name: str, array: Array, limit: int = CACHED_BYTES, start: int = 0) -> Iterator[Record]:
    """The records of an array, at least one.

    Args:
        block: the key of the records.
        name: what the array is called.
        array: the array, in C order.
        limit: the most bytes that a record holds.
        start: where the array begins in the array that readers join, in bytes.
    """
    content = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    for offset in range(0, max(len(content), 1), limit):
        yield block, (name, start + offset, content[offset : offset + limit].tobytes())


def array_of(parts: Iterable[tuple[int, bytes]], kind: npt.DTypeLike) -> Array:
    """The array of one dimension whose bytes ``(start, content)`` hold, in any order.

    Raises:
        SoftwareError: bytes are missing, or there twice.
    """
    ordered = sorted(parts, key=lambda part: part[0])
    expected = 0
    for start, content in ordered:
        if start != expected:
            raise SoftwareError(f"a block has lost records: bytes {expected} to {start} are missing or there twice")
        expected += len(content)
    joined = ordered[0][1] if len(ordered) == 1 else b"".join(content for _, content in ordered)
    return np.frombuffer(joined, dtype=kind)


@dataclasses.dataclass
class Parts:
    """The records of one block as they arrive, by the names of their arrays."""

    _parts: dict[str, list[tuple[int, bytes]]] = dataclasses.field(default_factory=dict)

    def add(self, name: str, start: int, content: bytes) -> None:
        """Takes one record."""
        self._parts.setdefault(name, []).append((start, content))

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def take(self, name: str, kind: npt.DTypeLike) -> Array:
        """The array of that name, which is then forgotten.

        Raises:
            SoftwareError: there is none, or not all of it.
        """
        parts = self._parts.pop(name, None)
        if parts is None:
            raise SoftwareError(f"a block has lost its records of {name}")
        return array_of(parts, kind)
