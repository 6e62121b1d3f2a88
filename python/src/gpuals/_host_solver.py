"""Rows of implicit feedback solved by NumPy, for confidences that the library has no values for (:mod:`gpuals._confidence`)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg

from gpuals.errors import ParameterError

FloatArray = npt.NDArray[np.float32]
DoubleArray = npt.NDArray[np.float64]


def linear_equation(
    gramian: npt.NDArray[Any],
    factors: npt.NDArray[Any],
    confidences: npt.NDArray[Any],
    regularization: float,
    exponent: float,
) -> tuple[DoubleArray, DoubleArray]:
    """The normal equations of one row: A, rank x rank, and b.

    Args:
        gramian: the sum of ``y y^T`` over all rows of the fixed side.
        factors: those of the row's entries, entries x rank.
        confidences: signed, one for each entry.
        regularization: λ.
        exponent: ν; λ is scaled by the number of confidences above 0 to its power.
    """
    y = factors.astype(np.float64)
    c = confidences.astype(np.float64)
    positive = c > 0
    # 0.0 ** 0 is 1: a row with dislikes alone is regularized, too, where λ is not scaled.
    weight = regularization * float(np.count_nonzero(positive)) ** exponent
    a = gramian + (y.T * (np.abs(c) - 1)) @ y
    a[np.diag_indices_from(a)] += weight
    return a, y.T @ np.where(positive, c, 0)


def solve_rows(
    confidence: Any,
    fixed: FloatArray,
    solved: FloatArray,
    regularization: float,
    exponent: float,
    cg_steps: int,
    gramian: npt.NDArray[Any] | None = None,
) -> None:
    """Solves all rows with 64-bit sums, exactly or by conjugate gradients from where they stand. Rows without entries are zero.

    Args:
        confidence: rows x fixed rows, a CSR matrix of signed confidences.
        fixed: fixed rows x rank.
        solved: rows x rank; in: where conjugate gradients start; out: the result.
        regularization: λ.
        exponent: ν.
        cg_steps: 0 for the exact solution.
        gramian: the sum of ``y y^T`` over all rows of the fixed side, where ``fixed`` holds only some of them.

    Raises:
        ParameterError: the equations of a row have no single solution.
    """
    if not np.isfinite(confidence.data).all():
        row = np.searchsorted(confidence.indptr, np.flatnonzero(~np.isfinite(confidence.data))[0], side="right") - 1
        raise ParameterError(f"row {row} of the ratings holds a value that is not finite")
    y = fixed.astype(np.float64)
    gram = y.T @ y if gramian is None else gramian.astype(np.float64)
    for row in range(confidence.shape[0]):
        entries = slice(confidence.indptr[row], confidence.indptr[row + 1])
        if entries.start == entries.stop:
            solved[row] = 0
            continue
        a, b = linear_equation(gram, y[confidence.indices[entries]], confidence.data[entries], regularization, exponent)
        if cg_steps:
            solved[row] = _conjugate_gradients(a, b, solved[row].astype(np.float64), cg_steps)
            continue
        try:
            solved[row] = scipy.linalg.cho_solve(scipy.linalg.cho_factor(a, lower=True), b)
        except np.linalg.LinAlgError as error:
            raise ParameterError(
                f"the equations of row {row} have no single solution: raise the regularization, now {regularization}"
            ) from error


def objective(confidence: Any, users: FloatArray, items: FloatArray, regularization: float, exponent: float) -> float:
    """The sum over all pairs of ``c (p - x.y)**2``, and the regularization, as the library measures it."""
    x, y = users.astype(np.float64), items.astype(np.float64)
    rows = np.repeat(np.arange(confidence.shape[0]), np.diff(confidence.indptr))
    scores = np.einsum("ij,ij->i", x[rows], y[confidence.indices])
    c, p = np.abs(confidence.data.astype(np.float64)), confidence.data > 0
    total = float(np.sum((x.T @ x) * (y.T @ y))) + float(np.sum(c * (p - scores) ** 2 - scores**2))
    user_weights = np.bincount(rows[p], minlength=len(x)).astype(np.float64) ** exponent
    item_weights = np.bincount(confidence.indices[p], minlength=len(y)).astype(np.float64) ** exponent
    norms = user_weights @ np.einsum("ij,ij->i", x, x) + item_weights @ np.einsum("ij,ij->i", y, y)
    return total + regularization * float(norms)


def _conjugate_gradients(a: DoubleArray, b: DoubleArray, start: DoubleArray, steps: int) -> DoubleArray:
    x, r = start, b - a @ start
    p, old = r, float(r @ r)
    for _ in range(steps):
        # From here on a step would divide by what rounding has left.
        if old < 1e-20:
            break
        product = a @ p
        step = old / float(p @ product)
        x = x + step * p
        r = r - step * product
        new = float(r @ r)
        p, old = r + (new / old) * p, new
    return x
