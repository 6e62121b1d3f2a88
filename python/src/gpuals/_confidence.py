"""What the values of a matrix of implicit feedback mean.

gpuals, Spark and the paper of Hu, Koren and Volinsky (2008) take a value r for evidence: the confidence in its pair is
``1 + alpha |r|``. implicit takes ``alpha r`` for the confidence itself. Both then build, from the confidences c of a row,

    A = Y^T Y + sum of (|c| - 1) y y^T + regularization,    b = sum over c > 0 of c y,

so that implicit's matrix is gpuals' matrix of ``sign(c) (|c| - 1)`` with alpha = 1, as long as no confidence is below 1. Confidences
below 1, which implicit allows, have no such value: these are solved on the host (:mod:`gpuals._host_solver`).
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from gpuals._csr import of_rows
from gpuals.errors import ParameterError

#: The meanings of a value; see :class:`gpuals.AlternatingLeastSquares`.
Confidence = Literal["alpha*r", "1+alpha*r"]

#: Stands for the 0 of a confidence of exactly 1: the library counts only values above 0 as preferences, and this one adds nothing to a
#: sum of 32 bits.
_JUST_ABOVE_ZERO = np.float32(1e-30)


def checked_confidence(value: str) -> Confidence:
    """The value, if it is one of the meanings.

    Raises:
        ParameterError: it is none.
    """
    for meaning in get_args(Confidence):
        if value == meaning:
            result: Confidence = meaning
            return result
    raise ParameterError(
        f'confidence is {value!r}, and has to be "alpha*r" (as in implicit) or "1+alpha*r" (as in Spark)'
    )


def confidences(matrix: Any, alpha: float, meaning: Confidence) -> Any:
    """The signed confidences of a matrix of 32-bit values: negative where an item is disliked."""
    values = matrix.data * np.float32(alpha)
    if meaning == "1+alpha*r":
        # A zero is confidence 1 in that nothing is preferred.
        values = np.where(values > 0, 1 + values, -1 + values).astype(np.float32)
    return of_rows(matrix.indices, matrix.indptr, values, matrix.shape[1])


def evidence(confidence: Any) -> Any | None:
    """The matrix whose confidences under ``1 + |r|`` are these; ``None`` where one of them is below 1."""
    size = np.abs(confidence.data)
    # A NaN goes on to the library, which says in which row it is.
    if (size < 1).any():
        return None
    size -= 1
    np.maximum(size, _JUST_ABOVE_ZERO, out=size)
    return of_rows(confidence.indices, confidence.indptr, np.copysign(size, confidence.data), confidence.shape[1])
