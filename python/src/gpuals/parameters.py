"""What a training run computes."""

from __future__ import annotations

import ctypes
import dataclasses
import numbers

import numpy as np

from gpuals._library import CParameters
from gpuals.errors import ParameterError


@dataclasses.dataclass(frozen=True)
class Parameters:
    """What is computed; the defaults are those of ``gpuals train``.

    Explicit feedback minimises the sum over all ratings of ``(r - x.y)**2``, implicit feedback the sum over all pairs of
    ``c (p - x.y)**2`` with ``c = 1 + alpha |r|`` and ``p = 1`` where ``r > 0``, else 0 (Hu, Koren, Volinsky 2008). To both comes
    ``regularization * n**regularization_exponent * |x|**2`` for each user with n ratings (implicit: n ratings above 0), and the same for
    each item.

    Ranges are checked by the library when the parameters are used; only what does not fit the C interface is refused here.

    Raises:
        ParameterError: a number does not fit into 32 bits (the seed: 64 bits without a sign).
    """

    #: Length of a factor vector.
    rank: int = 64
    #: Each iteration solves one side, then the other.
    iterations: int = 10
    #: Weight λ of the squared norms.
    regularization: float = 0.1
    #: ν: 1 scales λ by a row's number of ratings (ALS-WR, Spark), 0 does not (implicit).
    regularization_exponent: float = 1.0
    #: Whether values are evidence of a preference (True) or ratings (False).
    implicit: bool = False
    #: Confidence in a preference, ``1 + alpha |r|``; read with ``implicit`` alone.
    alpha: float = 1.0
    #: Whether all factors are kept at 0 or above.
    nonnegative: bool = False
    #: 0: rows are solved exactly, by Cholesky; else so many steps of conjugate gradients from where a row stands.
    cg_steps: int = 0
    #: Whether the fixed factors of a half-step are stored in 16 bits.
    half_precision: bool = False
    #: Whether an iteration solves users first (implicit) or items first (Spark).
    users_first: bool = False
    #: Seed of the initial factors.
    seed: int = 42
    #: L2 norm of each initial factor vector.
    initial_norm: float = 1.0

    def __post_init__(self) -> None:
        for name in ("rank", "iterations", "cg_steps"):
            value = getattr(self, name)
            if not _is_whole(value) or not -(2**31) <= value < 2**31:
                raise ParameterError(f"{name} is {value!r}, and has to be a whole number of at most 2147483647")
        for name in ("regularization", "regularization_exponent", "alpha", "initial_norm"):
            if not isinstance(getattr(self, name), (numbers.Real, np.number)):
                raise ParameterError(f"{name} is {getattr(self, name)!r}, and has to be a number")
        if not _is_whole(self.seed) or not 0 <= self.seed < 2**64:
            raise ParameterError(f"seed is {self.seed!r}, and has to be a whole number from 0 to 18446744073709551615")

    def as_c(self) -> CParameters:
        """The struct ``gpuals_parameters``."""
        return CParameters(
            size=ctypes.sizeof(CParameters),
            rank=int(self.rank),
            iterations=int(self.iterations),
            regularization=float(self.regularization),
            regularization_exponent=float(self.regularization_exponent),
            implicit=int(bool(self.implicit)),
            alpha=float(self.alpha),
            nonnegative=int(bool(self.nonnegative)),
            cg_steps=int(self.cg_steps),
            half_precision=int(bool(self.half_precision)),
            users_first=int(bool(self.users_first)),
            seed=int(self.seed),
            initial_norm=float(self.initial_norm),
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, (numbers.Integral, np.integer)) and not isinstance(value, bool)
