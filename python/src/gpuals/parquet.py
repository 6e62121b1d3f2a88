"""Factors as Parquet files: a row for each user or item, with the columns ``id`` and ``factors`` (a list of 32-bit floats).

Ratings have their own methods, :meth:`gpuals.Ratings.from_parquet` and :meth:`gpuals.Ratings.to_parquet`.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals._columns import column, encoded_ids
from gpuals._files import replaced_file
from gpuals._parquet_library import parquet_library
from gpuals.errors import DataError
from gpuals.ids import IDs


def write_factors(
    path: str | os.PathLike[str],
    ids: Any,
    factors: npt.ArrayLike,
    id_column: str = "id",
    factors_column: str = "factors",
) -> None:
    """Writes the factors of one side. The file appears whole or not at all.

    Args:
        path: the file.
        ids: an id for each row: :class:`gpuals.IDs`, or what these are made of.
        factors: rows x rank.
        id_column: the name of the column of ids.
        factors_column: the name of the column of factors.

    Raises:
        DataError: there are not as many ids as rows.
        GPUALSError: pyarrow is not installed.
        OSError: it cannot be written.
    """
    pyarrow, parquet = parquet_library()
    known = ids if isinstance(ids, IDs) else IDs(ids)
    values = np.ascontiguousarray(factors, dtype=np.float32)
    if values.ndim != 2 or len(values) != len(known):
        raise DataError(
            f"there are {len(known)} ids, and factors of shape {values.shape}: there has to be a row for each id"
        )
    # Lists of one length become plain lists: those are what Spark and DuckDB read everywhere.
    offsets = np.arange(len(values) + 1, dtype=np.int64) * values.shape[1]
    large = len(values) * values.shape[1] > np.iinfo(np.int32).max
    lists = (pyarrow.LargeListArray if large else pyarrow.ListArray).from_arrays(
        pyarrow.array(offsets, pyarrow.int64() if large else pyarrow.int32()), pyarrow.array(values.reshape(-1))
    )
    table = pyarrow.table({id_column: pyarrow.array(known.values), factors_column: lists})
    with replaced_file(path) as file:
        parquet.write_table(table, file)


def read_factors(
    path: Any, id_column: str = "id", factors_column: str = "factors"
) -> tuple[IDs, npt.NDArray[np.float32]]:
    """Reads the factors of one side, of :func:`write_factors` or of anything that has written lists of equal lengths: Spark's
    ``userFactors`` and ``itemFactors`` have the columns ``id`` and ``features``.

    Args:
        path: what ``pyarrow.parquet.read_table`` reads: a file, or a directory of files.
        id_column: the name of the column of ids.
        factors_column: the name of the column of factors.

    Returns:
        The ids, and the factors, rows x rank, in the order of the file.

    Raises:
        DataError: it is no Parquet file, a column is missing, ids are null or there twice, or lists are null, of several lengths or not
            of finite numbers.
        FileNotFoundError: there is no such file.
        GPUALSError: pyarrow is not installed.
    """
    pyarrow, parquet = parquet_library()
    try:
        table = parquet.read_table(path)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"{path} is no Parquet file that pyarrow reads: {error}") from error
    codes, ids = encoded_ids(column(table, id_column), id_column)
    if len(ids) != len(codes):
        raise DataError(f"{path}: column {id_column} holds an id twice")
    lists = column(table, factors_column)
    kinds = pyarrow.types
    if not (kinds.is_list(lists.type) or kinds.is_large_list(lists.type) or kinds.is_fixed_size_list(lists.type)):
        raise DataError(f"{path}: column {factors_column} is of type {lists.type}, and has to hold lists of numbers")
    parts = [_dense(part, f"{path}: column {factors_column}") for part in lists.chunks if len(part)]
    ranks = {part.shape[1] for part in parts}
    if len(ranks) > 1:
        raise DataError(f"{path}: column {factors_column} holds lists of several lengths: {sorted(ranks)}")
    factors = np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)
    if not np.isfinite(factors).all():
        row = int(np.flatnonzero(~np.isfinite(factors).all(axis=1))[0])
        raise DataError(f"{path}: row {row} (from 0): column {factors_column} holds a NaN or an infinity")
    return ids, factors


def _dense(lists: Any, place: str) -> npt.NDArray[np.float32]:
    import pyarrow.compute

    if lists.null_count:
        raise DataError(f"{place} holds a null")
    # Flattened, a slice of a larger array is told apart from the rest.
    flat = lists.flatten()
    if flat.null_count or flat.type.to_pandas_dtype() not in (np.float16, np.float32, np.float64):
        raise DataError(f"{place} holds lists of {flat.type}, or nulls, and has to hold lists of floats")
    lengths = np.unique(pyarrow.compute.list_value_length(lists).to_numpy(zero_copy_only=False))
    if len(lengths) != 1:
        raise DataError(f"{place} holds lists of several lengths: {lengths.tolist()}")
    return np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float32).reshape(len(lists), int(lengths[0]))
