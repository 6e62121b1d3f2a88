"""The ids of one side in row order, and the way back from an id to its row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals.errors import DataError


def as_array(values: Any) -> npt.NDArray[Any]:
    """Values as an array; a list of strings and numbers keeps both, where NumPy would make strings of all."""
    array = np.asarray(values)
    if array.dtype.kind in "US" and not isinstance(values, np.ndarray):
        array = np.asarray(values, dtype=object)
    return array


class IDs:
    """Ids of users or items: whole numbers of 64 bits, or strings. Row k belongs to ``values[k]``.

    Args:
        values: the ids, all different; whole numbers become an int64 array, strings an object array.

    Raises:
        DataError: there are other things among them, or an id twice.
    """

    def __init__(self, values: Any) -> None:
        array = as_array(values)
        if array.ndim != 1:
            raise DataError(f"ids have to be of one dimension, and these are of shape {array.shape}")
        if array.size == 0:
            array = array.astype(np.int64)
        elif array.dtype.kind in "iu":
            if array.dtype == np.uint64 and int(array.max()) > np.iinfo(np.int64).max:
                raise DataError("an id is above 9223372036854775807: give such ids as strings")
            array = array.astype(np.int64, copy=False)
        else:
            array = array.astype(object)
            if not all(isinstance(value, str) for value in array):
                raise DataError("ids have to be whole numbers or strings, all of one kind")
        #: The ids in row order: an int64 array, or an object array of strings.
        self.values: npt.NDArray[Any] = array
        self._order: npt.NDArray[np.intp] | None = None
        self._rows: dict[str, int] | None = None
        if array.dtype == np.int64:
            # Whole numbers are searched for in their order, which takes 8 bytes for each; a dictionary would take ten times that.
            self._order = np.argsort(array, kind="stable")
            ordered = array[self._order]
            if (ordered[1:] == ordered[:-1]).any():
                raise DataError(f"the id {ordered[1:][ordered[1:] == ordered[:-1]][0]} is there twice")
        else:
            self._rows = dict(zip(array.tolist(), range(len(array))))
            if len(self._rows) != len(array):
                raise DataError("an id is there twice")

    def index(self, ids: Any) -> npt.NDArray[np.int64]:
        """The rows of some ids; -1 for an id that is not among them.

        Raises:
            DataError: ``ids`` is not of one dimension.
        """
        wanted = as_array(ids)
        if wanted.ndim != 1:
            raise DataError(f"ids have to be of one dimension, and these are of shape {wanted.shape}")
        if self._order is None:
            rows = self._rows or {}
            return np.fromiter((rows.get(value, -1) for value in wanted.tolist()), dtype=np.int64, count=len(wanted))
        if len(self) == 0 or wanted.dtype.kind not in "iu":
            # A whole number is not the same id as its digits in a string.
            return np.full(len(wanted), -1, dtype=np.int64)
        places = np.searchsorted(self.values, wanted, sorter=self._order)
        found = self._order[np.minimum(places, len(self) - 1)]
        return np.where(self.values[found] == wanted, found, -1).astype(np.int64)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: Any) -> Any:
        found = self.values[row]
        return found.item() if isinstance(found, np.generic) else found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IDs) and np.array_equal(self.values, other.values)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"IDs({len(self)}: {', '.join(map(repr, self.values[:3].tolist()))}{', …' if len(self) > 3 else ''})"
