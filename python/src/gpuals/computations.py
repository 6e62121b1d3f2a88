"""The calls of the library on NumPy arrays and SciPy matrices.

Arrays of the right type and order are handed over as they are. The shapes are checked here, as the library cannot see the lengths of
buffers; the values are checked there.
"""

from __future__ import annotations

import ctypes
import dataclasses
from collections.abc import Callable
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from gpuals._interruption import Interruption
from gpuals._library import STOPPED, CProgress, Message, library
from gpuals._library_matrix import LibraryMatrix
from gpuals.device import Device
from gpuals.errors import DataError, ParameterError
from gpuals.parameters import Parameters

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int32]
#: ``progress(iteration, measure, seconds)``: the iteration from 1, the root mean squared error on the training ratings (explicit) or the
#: objective (implicit), the seconds that it took. A true result asks for the end.
Progress = Callable[[int, float, float], Optional[Union[bool, int]]]

_MOST = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class FitResult:
    """What :func:`fit` has computed."""

    #: Users x rank.
    user_factors: FloatArray
    #: Items x rank.
    item_factors: FloatArray
    #: Whether the progress function asked for the end before the last iteration.
    is_stopped: bool


def _factors(array: Any, rows: int, rank: int, name: str) -> FloatArray:
    result: FloatArray = np.ascontiguousarray(array, dtype=np.float32)
    if result.shape != (rows, rank):
        raise ParameterError(f"{name} is of shape {result.shape}, and has to be {(rows, rank)}")
    return result


def _output(out: FloatArray | None, rows: int, rank: int, *, zero: bool) -> FloatArray:
    if out is None:
        return np.zeros((rows, rank), dtype=np.float32) if zero else np.empty((rows, rank), dtype=np.float32)
    if out.dtype != np.float32 or out.shape != (rows, rank) or not out.flags.c_contiguous or not out.flags.writeable:
        raise ParameterError(f"out has to be a writable float32 array of shape {(rows, rank)} in C order")
    return out


def fit(
    device: Device,
    parameters: Parameters,
    ratings: Any,
    user_factors: npt.ArrayLike | None = None,
    item_factors: npt.ArrayLike | None = None,
    progress: Progress | None = None,
    *,
    measures: bool = True,
) -> FitResult:
    """Trains.

    Args:
        device: where to compute.
        parameters: what to compute.
        ratings: users x items, a SciPy CSR matrix. Pairs may be there twice: each counts.
        user_factors: users x rank, to start from; ``None`` for a start from the seed. It is not written to.
        item_factors: items x rank, the same. Where one side alone is given, it has to be the one that the first half-step reads: the
            users, or the items with ``users_first``. The other begins at zero, which only conjugate gradients ever see.
        progress: called after each iteration. What it raises, and Ctrl-C, ends the training and is raised again.
        measures: whether ``progress`` is given the measure, which takes a pass over the ratings; else it gets a NaN.

    Raises:
        ParameterError: a parameter or a shape is wrong, or this regularization does not solve the equations.
        DataError: the ratings are no matrix of finite numbers, or empty.
        DeviceUnavailableError: the memory of the device does not suffice.
    """
    matrix = LibraryMatrix(ratings, "ratings")
    (users, items), rank = matrix.shape, parameters.rank
    has_start = user_factors is not None or item_factors is not None
    if has_start and (item_factors if parameters.users_first else user_factors) is None:
        first, other = ("users", "item_factors") if parameters.users_first else ("items", "user_factors")
        raise ParameterError(
            f"{first} are solved first, so that a start needs {other}: give them, or change users_first"
        )

    def start(given: npt.ArrayLike | None, rows: int, name: str) -> FloatArray:
        if given is None:
            return np.zeros((rows, max(rank, 0)), dtype=np.float32)
        return _factors(given, rows, rank, name).copy()

    user_result, item_result = start(user_factors, users, "user_factors"), start(item_factors, items, "item_factors")
    raised: list[BaseException] = []

    def report(_: object, iteration: int, measure: float, seconds: float) -> int:
        try:
            asks_for_end = progress is not None and progress(iteration, measure, seconds)
            return 1 if asks_for_end or interruption.is_requested else 0
        except BaseException as error:  # An exception cannot cross the library.
            raised.append(error)
            return 1

    # Also without a progress function, for Ctrl-C to be heard between iterations.
    function = CProgress(report)
    given = parameters.as_c()
    given.unmeasured = int(progress is None or not measures)
    message = Message()
    with Interruption() as interruption, device.in_call() as pointer:
        status = library().gpuals_fit(
            pointer,
            ctypes.byref(given),
            ctypes.byref(matrix.struct),
            user_result.ctypes.data,
            item_result.ctypes.data,
            int(has_start),
            function,
            None,
            *message.arguments,
        )
    if raised:
        raise raised[0]
    if interruption.raised is not None:
        raise interruption.raised
    return FitResult(user_result, item_result, message.check(status) == STOPPED)


def fingerprint(matrix: Any) -> int:
    """What tells a CSR matrix from others: ``ratings_fingerprint`` of a model directory.

    Raises:
        DataError: it is no CSR matrix.
    """
    of_library = LibraryMatrix(matrix, "matrix")
    return int(library().gpuals_fingerprint(ctypes.byref(of_library.struct)))


def solve_rows(
    device: Device,
    parameters: Parameters,
    ratings: Any,
    fixed: npt.ArrayLike,
    gramian: npt.ArrayLike | None = None,
    out: FloatArray | None = None,
) -> FloatArray:
    """Solves rows with the other side fixed: one half-step of training over some rows.

    Args:
        device: where to compute.
        parameters: what to compute.
        ratings: rows x fixed rows, a SciPy CSR matrix.
        fixed: fixed rows x rank.
        gramian: rank x rank, the sum of ``y y^T`` over all rows of the fixed side, where ``fixed`` holds only some of them. Read in
            implicit training alone.
        out: rows x rank, float32 in C order; where the result goes, and where conjugate gradients start.

    Returns:
        The factors, rows x rank: ``out`` where it is given. Rows without ratings are zero.

    Raises:
        ParameterError: a parameter or a shape is wrong, or this regularization does not solve the equations of a row.
        DataError: the ratings are no matrix of finite numbers.
        DeviceUnavailableError: the memory of the device does not suffice.
    """
    matrix, rank = LibraryMatrix(ratings, "ratings"), parameters.rank
    fixed_rows = _factors(fixed, matrix.shape[1], rank, "fixed")
    gram = None if gramian is None else _factors(gramian, rank, rank, "gramian")
    solved = _output(out, matrix.shape[0], rank, zero=True)
    message = Message()
    with device.in_call() as pointer:
        message.check(
            library().gpuals_solve_rows(
                pointer,
                ctypes.byref(parameters.as_c()),
                ctypes.byref(matrix.struct),
                fixed_rows.ctypes.data,
                None if gram is None else gram.ctypes.data,
                solved.ctypes.data,
                *message.arguments,
            )
        )
    return solved


def top_n(
    device: Device, row_factors: npt.ArrayLike, column_factors: npt.ArrayLike, n: int, excluded: Any | None = None
) -> tuple[IntArray, FloatArray]:
    """The n best columns for each row by the dot product of their factors, best first; ties in the order of the columns.

    Args:
        device: where to compute.
        row_factors: rows x rank.
        column_factors: columns x rank.
        n: how many, at least 1.
        excluded: rows x columns, a SciPy CSR matrix of entries that are left out. Its values are not read.

    Returns:
        Columns and scores, each rows x n. Behind the last column, where there are fewer than n, stand -1 and minus infinity.

    Raises:
        ParameterError: a shape is wrong, or n is below 1.
    """
    rows = np.ascontiguousarray(row_factors, dtype=np.float32)
    columns = np.ascontiguousarray(column_factors, dtype=np.float32)
    if rows.ndim != 2 or columns.ndim != 2 or rows.shape[1] != columns.shape[1]:
        raise ParameterError(
            f"row_factors are of shape {rows.shape} and column_factors of {columns.shape}: they have to be of two dimensions "
            "and of the same rank"
        )
    if not 1 <= n <= _MOST:
        raise ParameterError(f"n is {n}, and has to be from 1 to {_MOST}")
    matrix = None if excluded is None else LibraryMatrix(excluded, "excluded", with_values=False)
    if matrix is not None and matrix.shape != (len(rows), len(columns)):
        raise ParameterError(f"excluded is of shape {matrix.shape}, and has to be {(len(rows), len(columns))}")
    indices = np.empty((len(rows), n), dtype=np.int32)
    scores = np.empty((len(rows), n), dtype=np.float32)
    if len(rows) == 0:
        return indices, scores
    message = Message()
    with device.in_call() as pointer:
        message.check(
            library().gpuals_top_n(
                pointer,
                len(rows),
                len(columns),
                rows.shape[1],
                rows.ctypes.data,
                columns.ctypes.data,
                None if matrix is None else ctypes.byref(matrix.struct),
                n,
                indices.ctypes.data,
                scores.ctypes.data,
                *message.arguments,
            )
        )
    return indices, scores


def spark_start(seed: int, rank: int, blocks: int, ids: npt.ArrayLike) -> FloatArray:
    """The user factors that Spark's ALS begins with.

    Args:
        seed: that of Spark's ALS, 64 bits with a sign.
        rank: its rank.
        blocks: its ``numUserBlocks``.
        ids: those of all users with ratings, or all of some of the blocks; 32 bits, all different.

    Returns:
        The factors, ids x rank, in the order of the ids.

    Raises:
        ParameterError: a number is out of range.
        DataError: ids are there twice, or do not fit into 32 bits.
    """
    given = np.asarray(ids)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise DataError("ids have to be an array of whole numbers of one dimension")
    if given.size and (int(given.min()) < -(2**31) or int(given.max()) > _MOST):
        raise DataError("ids have to fit into 32 bits, as those of Spark do")
    if not -(2**63) <= seed < 2**63:
        raise ParameterError(f"seed is {seed}, and has to fit into 64 bits with a sign")
    for name, value in (("rank", rank), ("blocks", blocks)):
        if not 1 <= value <= _MOST:
            raise ParameterError(f"{name} is {value}, and has to be from 1 to {_MOST}")
    rows: IntArray = np.ascontiguousarray(given, dtype=np.int32)
    factors = np.empty((len(rows), rank), dtype=np.float32)
    message = Message()
    message.check(
        library().gpuals_spark_start(
            seed,
            rank,
            blocks,
            len(rows),
            rows.ctypes.data,
            factors.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            *message.arguments,
        )
    )
    return factors
