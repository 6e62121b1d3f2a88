"""Sparse matrices of callers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gpuals.errors import DataError, ParameterWarning


def as_csr(matrix: Any, name: str) -> Any:
    """A SciPy matrix or array in CSR form with values of 32 bits; what has another form is converted, with a warning.

    Raises:
        DataError: it is no sparse matrix.
    """
    if not scipy.sparse.issparse(matrix):
        raise DataError(f"{name} is a {type(matrix).__name__}, and has to be a SciPy sparse matrix or gpuals.Ratings")
    if matrix.format != "csr":
        warnings.warn(
            f"{name} is in {matrix.format} form and is converted to CSR: call .tocsr() once to save the time",
            ParameterWarning,
            stacklevel=3,
        )
        matrix = matrix.tocsr()
    return matrix if matrix.dtype == np.float32 else matrix.astype(np.float32)


def require_rows(matrix: Any, rows: int, name: str, ids: str) -> Any:
    """A CSR matrix with one row for each of some ids.

    Raises:
        DataError: it is no CSR matrix, or has another number of rows.
    """
    if getattr(matrix, "format", None) != "csr":
        raise DataError(f"{name} is a {type(matrix).__name__}, and has to be a SciPy CSR matrix: call .tocsr()")
    if matrix.shape[0] != rows:
        raise DataError(f"{name} has {matrix.shape[0]} rows, and has to have one for each of the {rows} {ids}")
    return matrix


def with_columns(matrix: Any, columns: int, name: str) -> Any:
    """The same CSR matrix with more columns, as where a model has come to know more items.

    Raises:
        DataError: it has more of them already.
    """
    if matrix.shape[1] == columns:
        return matrix
    if matrix.shape[1] > columns:
        raise DataError(f"{name} has {matrix.shape[1]} columns, and the model knows only {columns}")
    return scipy.sparse.csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], columns))


def of_rows(indices: npt.NDArray[Any], indptr: npt.NDArray[Any], data: npt.NDArray[Any], columns: int) -> Any:
    """A CSR matrix of arrays that are known to fit, without the checks of SciPy's constructor that copy."""
    return scipy.sparse.csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, columns), copy=False)
