"""Columns of data frames as arrays: pandas, polars, pyarrow, and whatever NumPy understands. None of them has to be installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals.errors import DataError
from gpuals.ids import IDs, as_array

Array = npt.NDArray[Any]


def eager_frame(frame: Any) -> Any:
    """A frame whose columns can be asked for one by one: what is lazy, or a stream that is read once, is read here.

    Raises:
        DataError: this is no frame.
    """
    if _is_of(frame, "polars") and hasattr(frame, "collect"):
        return frame.collect()
    if isinstance(frame, Mapping) or hasattr(frame, "columns"):
        return frame
    if hasattr(frame, "__arrow_c_stream__"):
        try:
            return _pyarrow("a frame of this kind").table(frame)
        except TypeError as error:
            raise DataError("a frame of this kind is read by pyarrow 14 or newer: update it") from error
    raise DataError(
        f"a {type(frame).__name__} is no frame with columns: give one of pandas, polars or pyarrow, or a dict of arrays"
    )


def column(frame: Any, name: str) -> Any:
    """A column of an eager frame, as its library has it.

    Raises:
        DataError: there is no such column.
    """
    # pyarrow has the names apart from the columns.
    names = list(getattr(frame, "column_names", frame.keys() if isinstance(frame, Mapping) else frame.columns))
    if name not in names:
        raise DataError(f"there is no column {name!r}: there are {', '.join(map(repr, names)) or 'none'}")
    return frame.column(name) if hasattr(frame, "column_names") else frame[name]


def encoded_ids(values: Any, name: str) -> tuple[npt.NDArray[np.int32], IDs]:
    """The rows of ids, and the ids in the order in which they first appear.

    Raises:
        DataError: an id is missing, empty, or neither a whole number nor a string; the message says in which row.
    """
    if _is_of(values, "polars"):
        is_text = str(values.dtype).split("(")[0] in ("String", "Utf8", "Categorical", "Enum")
        values = values.to_arrow() if is_text else values
    if _is_of(values, "pyarrow"):
        codes, unique = _encoded_by_arrow(values, name)
    elif _is_of(values, "pandas"):
        codes, unique = _encoded_by_pandas(values, name)
    else:
        codes, unique = _encoded(_with_nulls_refused(values, name), name)
    ids = _checked(unique, codes, name)
    if len(ids) > np.iinfo(np.int32).max:
        raise DataError(f"column {name} holds {len(ids)} different ids, and at most 2147483647 are possible")
    return codes.astype(np.int32, copy=False), ids


def numbers(values: Any, name: str) -> npt.NDArray[np.float32]:
    """Values of 32 bits.

    Raises:
        DataError: a value is missing, no number, or not finite in 32 bits; the message says in which row.
    """
    array = _with_nulls_refused(values, name)
    if array.ndim != 1:
        raise DataError(f"column {name} is of shape {array.shape}, and has to be of one dimension")
    if array.dtype.kind not in "iufb":
        if array.dtype.kind != "O":
            raise DataError(f"column {name} is of type {array.dtype}, and has to hold numbers")
        # Decimals come this way. A string is no number, even if its letters are.
        texts = np.flatnonzero(np.fromiter((isinstance(value, (str, bytes)) for value in array), bool, len(array)))
        if texts.size:
            raise DataError(f"row {texts[0]} (from 0): column {name} holds {array[texts[0]]!r}, which is no number")
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise DataError(f"column {name} holds something that is no number: {error}") from error
    with np.errstate(over="ignore"):
        result: npt.NDArray[np.float32] = array.astype(np.float32, copy=False)
    if not np.isfinite(result).all():
        row = int(np.flatnonzero(~np.isfinite(result))[0])
        raise DataError(f"row {row} (from 0): column {name} is {array[row]}, and has to be a finite number of 32 bits")
    return result


def _encoded_by_arrow(values: Any, name: str) -> tuple[Array, Array]:
    pyarrow = _pyarrow("a column of it")
    kind = values.type
    if pyarrow.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    is_text = pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)
    is_text = is_text or getattr(pyarrow.types, "is_string_view", lambda _: False)(kind)
    if not (is_text or pyarrow.types.is_integer(kind) or pyarrow.types.is_null(kind)):
        raise _wrong_type(kind, name)
    _refuse_nulls(np.asarray(values.is_null()) if values.null_count else None, name)
    if not len(values):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    if isinstance(values, pyarrow.ChunkedArray):
        # One array, so that there is one dictionary. Offsets of 32 bits would not hold a very long text column.
        values = (values.cast(pyarrow.large_string()) if is_text else values).combine_chunks()
        values = values.chunk(0) if isinstance(values, pyarrow.ChunkedArray) else values
    elif is_text and not pyarrow.types.is_large_string(kind):
        values = values.cast(pyarrow.large_string())
    encoded = values.dictionary_encode()
    return np.asarray(encoded.indices), np.asarray(encoded.dictionary)


def _encoded_by_pandas(values: Any, name: str) -> tuple[Array, Array]:
    import pandas

    codes, unique = pandas.factorize(values)
    _refuse_nulls(codes < 0 if (codes < 0).any() else None, name)
    return codes, np.asarray(unique)


def _encoded(values: Array, name: str) -> tuple[Array, Array]:
    if values.ndim != 1:
        raise DataError(f"column {name} is of shape {values.shape}, and has to be of one dimension")
    if importlib.util.find_spec("pandas"):
        # By a hash table, which is faster than by sorting.
        import pandas

        codes, unique = pandas.factorize(values)
        return codes, np.asarray(unique)
    if values.dtype.kind == "O" and len({type(value) for value in values}) > 1:
        raise DataError(f"column {name} holds ids of several types: give whole numbers, or strings")
    unique, first, codes = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes.reshape(-1)], unique[order]


def _checked(unique: Array, codes: Array, name: str) -> IDs:
    if unique.size and unique.dtype.kind not in "iuOUT":
        raise _wrong_type(unique.dtype, name)
    if unique.dtype.kind == "O" and unique.size:
        is_text = np.fromiter((isinstance(value, str) for value in unique), bool, len(unique))
        if not is_text.any():
            whole = [
                value
                for value in unique
                if isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
            ]
            if len(whole) == len(unique):
                try:
                    unique = np.array(whole, dtype=np.int64)
                except OverflowError as error:
                    raise DataError(f"column {name} holds an id beyond 64 bits: give such ids as strings") from error
                return IDs(unique)
        if not is_text.all():
            wrong = int(np.flatnonzero(~is_text)[0])
            raise DataError(
                f"row {_first_row(codes, wrong)} (from 0): column {name} is {unique[wrong]!r}, and has to be a whole number or a "
                "string, the same in all rows"
            )
    ids = IDs(unique)
    if ids.values.dtype == object and (empty := ids.index([""])[0]) >= 0:
        raise DataError(f"row {_first_row(codes, int(empty))} (from 0): column {name} is empty")
    return ids


def _with_nulls_refused(values: Any, name: str) -> Array:
    """A column as an array, without a copy where its library can do that."""
    missing: Array | None = None
    if _is_of(values, "pyarrow"):
        missing = np.asarray(values.is_null()) if values.null_count else None
        _refuse_nulls(missing, name)
        return np.asarray(values)
    if _is_of(values, "polars"):
        _refuse_nulls(values.is_null().to_numpy() if values.null_count() else None, name)
        return np.asarray(values.to_numpy())
    if _is_of(values, "pandas"):
        missing = np.asarray(values.isna())
        _refuse_nulls(missing if missing.any() else None, name)
        if values.dtype.kind in "iufb" and not isinstance(values.dtype, np.dtype):
            # The nullable types of pandas, which give objects otherwise.
            return np.asarray(
                values.to_numpy(dtype=values.dtype.numpy_dtype if hasattr(values.dtype, "numpy_dtype") else np.float64)
            )
        return np.asarray(values)
    if isinstance(values, np.ma.MaskedArray):
        _refuse_nulls(np.ma.getmaskarray(values) if np.ma.is_masked(values) else None, name)
        return np.asarray(values)
    array = as_array(values)
    if array.dtype.kind == "O":
        missing = np.fromiter((value is None or value != value for value in array.reshape(-1)), bool, array.size)
        _refuse_nulls(missing if missing.any() else None, name)
    return array


def _refuse_nulls(missing: Array | None, name: str) -> None:
    if missing is not None:
        raise DataError(
            f"row {int(np.flatnonzero(missing)[0])} (from 0): column {name} is null: fill it, or drop the row"
        )


def _wrong_type(kind: Any, name: str) -> DataError:
    return DataError(f"column {name} is of type {kind}, and ids have to be whole numbers or strings: convert it")


def _first_row(codes: Array, code: int) -> int:
    return int(np.flatnonzero(codes == code)[0])


def _is_of(values: Any, library: str) -> bool:
    return type(values).__module__.split(".")[0] == library


def _pyarrow(what: str) -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise DataError(f"{what} is read by pyarrow, which is not installed: pip install 'gpuals[parquet]'") from error
    return pyarrow
