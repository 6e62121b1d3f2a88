"""Which of a user's items make the score of another one (section 5 of Hu, Koren, Volinsky 2008)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg

from gpuals import _host_solver
from gpuals.errors import ParameterError

Array = npt.NDArray[Any]


def explanation(
    values: Array,
    factors: Array,
    item: Array,
    gramian: Array | None,
    regularization: float,
    exponent: float,
    weights: Any = None,
) -> tuple[Array, Any]:
    """What each entry of a user adds to the score of an item.

    The user's factors are ``inverse(A) b`` with ``b = sum of v y``, so that the score ``y_item . x`` is the sum over the entries of
    ``y_item . inverse(A) y v``.

    Args:
        values: v of each entry: the signed confidences of implicit feedback, or the ratings of explicit.
        factors: those of the entries, entries x rank.
        item: the factors of the item.
        gramian: the sum of ``y y^T`` over all items; None in explicit feedback.
        regularization: λ.
        exponent: ν.
        weights: the second result of an earlier call for the same user.

    Returns:
        The amounts, and the factorisation of A.

    Raises:
        ParameterError: A is singular.
    """
    y = factors.astype(np.float64)
    v = values.astype(np.float64)
    if weights is None:
        if gramian is not None:
            a, _ = _host_solver.linear_equation(gramian.astype(np.float64), y, v, regularization, exponent)
        else:
            a = y.T @ y
            a[np.diag_indices_from(a)] += regularization * float(len(v)) ** exponent
        try:
            weights = scipy.linalg.cho_factor(a)
        except np.linalg.LinAlgError as error:
            raise ParameterError(
                f"the user's equations have no single solution: raise the regularization, now {regularization}"
            ) from error
    # A dislike weighs in A alone.
    v = np.maximum(v, 0) if gramian is not None else v
    return (y @ scipy.linalg.cho_solve(weights, item.astype(np.float64))) * v, weights
