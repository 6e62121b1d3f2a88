"""Ratings as they are solved: by the library, or on the host where the library has no values for their confidences."""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals import _host_solver
from gpuals._confidence import Confidence, confidences, evidence
from gpuals.computations import FitResult, FloatArray, Progress, fit, solve_rows
from gpuals.device import Device
from gpuals.errors import ParameterError, ParameterWarning
from gpuals.parameters import Parameters


class Problem:
    """A matrix of ratings under a model's parameters.

    Args:
        matrix: rows x columns, a CSR matrix of 32-bit values.
        parameters: what is computed; ``alpha`` is already in the confidences and is not read.
        alpha: scales the values of implicit feedback.
        meaning: what they then are.
    """

    def __init__(self, matrix: Any, parameters: Parameters, alpha: float, meaning: Confidence) -> None:
        self.parameters = dataclasses.replace(parameters, alpha=1.0)
        #: Explicit: the ratings. Implicit: the signed confidences.
        self.values = confidences(matrix, alpha, meaning) if parameters.implicit else matrix
        #: What the library is given; None where it cannot solve this.
        self.ratings = evidence(self.values) if parameters.implicit else matrix
        if self.ratings is not None:
            return
        count = int(np.count_nonzero(np.abs(self.values.data) < 1))
        if parameters.nonnegative:
            raise ParameterError(
                f"{count} confidences are below 1, which nonnegative factors are not computed for: raise alpha, or use "
                'confidence="1+alpha*r"'
            )
        warnings.warn(
            f"{count} of {self.values.nnz} confidences are below 1 and are solved on the host, not on the device: raise alpha so that "
            'the smallest is 1, or use confidence="1+alpha*r"',
            ParameterWarning,
            stacklevel=4,
        )

    def fit(
        self,
        device: Callable[[], Device],
        users: FloatArray | None,
        items: FloatArray | None,
        progress: Progress | None,
    ) -> FitResult:
        """Trains, as :func:`gpuals.fit`."""
        if self.ratings is not None:
            return fit(device(), self.parameters, self.ratings, users, items, progress)
        return self._fit_on_host(users, items, progress)

    def solve(self, device: Callable[[], Device], fixed: FloatArray, gramian: npt.NDArray[Any] | None) -> FloatArray:
        """Solves all rows, as :func:`gpuals.solve_rows`."""
        if self.ratings is not None:
            return solve_rows(device(), self.parameters, self.ratings, fixed, gramian)
        solved = np.zeros((self.values.shape[0], self.parameters.rank), dtype=np.float32)
        self._solve_on_host(self.values, fixed, solved, gramian)
        return solved

    def mean_loss(self, objective: float) -> float:
        """The objective of implicit feedback for each unit of confidence, which is implicit's loss."""
        values = self.values
        pairs = values.shape[0] * values.shape[1] - values.nnz
        return objective / float(np.abs(values.data).sum(dtype=np.float64) + pairs)

    def _fit_on_host(self, users: FloatArray | None, items: FloatArray | None, progress: Progress | None) -> FitResult:
        assert users is not None
        assert items is not None
        user_factors, item_factors = users.copy(), items.copy()
        transposed = self.values.T.tocsr()
        regularization, exponent = self.parameters.regularization, self.parameters.regularization_exponent
        for iteration in range(1, self.parameters.iterations + 1):
            begin = time.perf_counter()
            self._solve_on_host(self.values, item_factors, user_factors, None)
            self._solve_on_host(transposed, user_factors, item_factors, None)
            seconds = time.perf_counter() - begin
            if progress is not None:
                loss = _host_solver.objective(self.values, user_factors, item_factors, regularization, exponent)
                if progress(iteration, loss, seconds):
                    return FitResult(user_factors, item_factors, iteration < self.parameters.iterations)
        return FitResult(user_factors, item_factors, False)

    def _solve_on_host(
        self, values: Any, fixed: FloatArray, solved: FloatArray, gramian: npt.NDArray[Any] | None
    ) -> None:
        _host_solver.solve_rows(
            values,
            fixed,
            solved,
            self.parameters.regularization,
            self.parameters.regularization_exponent,
            self.parameters.cg_steps,
            gramian,
        )
