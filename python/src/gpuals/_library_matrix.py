"""Sparse matrices as the library takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals._library import CMatrix
from gpuals.errors import DataError

_MOST = 2**31 - 1


class LibraryMatrix:
    """A CSR matrix as the struct ``gpuals_csr``, whose arrays live as long as this. Arrays of the right type and order are not copied.

    Args:
        matrix: a SciPy CSR matrix or array.
        name: what it is called in errors.
        with_values: whether its values are read.

    Raises:
        DataError: it is no CSR matrix, or its arrays do not fit each other.
    """

    def __init__(self, matrix: Any, name: str, *, with_values: bool = True) -> None:
        if getattr(matrix, "format", None) != "csr":
            raise DataError(f"{name} is a {type(matrix).__name__}, and has to be a SciPy CSR matrix: call .tocsr()")
        rows, columns = matrix.shape
        # Rows and one numbers only, so the copy is small.
        self.offsets = np.ascontiguousarray(matrix.indptr, dtype=np.int64)
        count = int(self.offsets[-1]) if len(self.offsets) == rows + 1 else -1
        if (
            count < 0
            or min(len(matrix.indices), len(matrix.data)) < count
            or (np.diff(self.offsets, prepend=0) < 0).any()
        ):
            # Before anything else: SciPy's own functions would read beyond the arrays.
            raise DataError(
                f"{name} is no CSR matrix: indptr descends, or does not fit its shape, its indices or its data"
            )
        if not matrix.has_sorted_indices:
            matrix = matrix.sorted_indices()
        indices = matrix.indices[:count]
        if indices.dtype != np.int32 and count and (columns > _MOST or int(indices.max()) > _MOST):
            raise DataError(f"{name} has {columns} columns, and at most {_MOST} are possible")
        self.indices: npt.NDArray[np.int32] = np.ascontiguousarray(indices, dtype=np.int32)
        # Where values are not read the library still asks for an address: that of the indices has as many bytes.
        self.values: npt.NDArray[np.float32] = (
            np.ascontiguousarray(matrix.data[:count], dtype=np.float32)
            if with_values
            else self.indices.view(np.float32)
        )
        self.shape = (int(rows), int(columns))
        self.struct = CMatrix(
            rows=rows,
            columns=columns,
            offsets=self.offsets.ctypes.data,
            indices=self.indices.ctypes.data,
            values=self.values.ctypes.data,
        )
