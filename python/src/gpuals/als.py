"""Alternating least squares with the interface of implicit."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gpuals import _explanation, _implicit_file, _model_conversion
from gpuals._confidence import checked_confidence
from gpuals._csr import as_csr, with_columns
from gpuals._interruption import Interruption
from gpuals._problem import Problem
from gpuals._progress import TrainingProgress
from gpuals._shared_devices import shared_device
from gpuals.device import Device
from gpuals.errors import DataError, ParameterError
from gpuals.folding_in import FoldingInModel
from gpuals.parameters import Parameters
from gpuals.ratings import Ratings

Array = npt.NDArray[Any]


class AlternatingLeastSquares(FoldingInModel):
    """Alternating least squares for implicit and explicit feedback.

    Arguments, methods, defaults and shapes are those of ``implicit.als.AlternatingLeastSquares``, so that the import is all that has to
    change; with the same ``random_state`` training begins at the same factors. The arguments behind ``random_state`` are gpuals' own.

    **Implicit feedback.** As in implicit, ``alpha * r`` is the confidence c in a pair: above 0 that it is liked, below 0 that it is not,
    and 1 in all pairs that are not in the matrix. Minimised is the sum over all pairs of ``c (p - x.y)**2`` and
    ``regularization * (|x|**2 + |y|**2)``. Spark, ``gpuals train`` and the paper of Hu, Koren and Volinsky (2008) have the confidence
    ``1 + alpha * r`` instead: that is ``confidence="1+alpha*r"``. Where a confidence is below 1, which only ``"alpha*r"`` allows, training
    is done on the host, and a :class:`gpuals.ParameterWarning` says so.

    **Explicit feedback.** With ``feedback="explicit"`` the values are ratings, and the sum over these alone of ``(r - x.y)**2`` is
    minimised, with ``regularization`` scaled by the number of ratings of each user and item (ALS-WR, as in Spark).

    Args:
        factors: length of a factor vector.
        regularization: weight λ of the squared norms; None for 0.01 (implicit) or 0.1 (explicit).
        alpha: scales the values of implicit feedback.
        dtype: type of the factors that come out: float32, float64 or float16. They are computed in 32 bits.
        use_native: kept for implicit's sake; changes nothing.
        use_cg: whether rows are solved by ``cg_steps`` steps of conjugate gradients from where they stand, or exactly; None for True
            (implicit) or False (explicit, nonnegative).
        use_gpu: kept for implicit's sake; changes nothing: ``device`` decides.
        iterations: how many; each solves users, then items (explicit: items, then users).
        calculate_training_loss: whether the loss after each iteration is shown and given to the callback.
        num_threads: kept for implicit's sake; changes nothing.
        random_state: seed, or generator, of the initial factors.
        device: where to compute: a :class:`gpuals.Device`, or its name, "auto", "reference" or numbers of ``gpuals devices``.
        feedback: "implicit" or "explicit".
        regularization_exponent: ν: λ is scaled by a row's number of ratings (implicit: of those above 0) to its power; None for 0
            (implicit) or 1 (explicit).
        nonnegative: whether all factors are kept at 0 or above.
        precision: "float32", or "float16" to store the fixed factors of a half-step in 16 bits.
        cg_steps: steps for ``use_cg``.
        confidence: "alpha*r" or "1+alpha*r".

    Attributes:
        user_factors: users x factors, a NumPy array. Set before training it is where training begins.
        item_factors: items x factors, the same.
        users: the ids of the rows, :class:`gpuals.IDs`, where the model was trained on :class:`gpuals.Ratings`; else None.
        items: the same for items.
        ratings: the :class:`gpuals.Ratings` that it was trained on; else None.

    Raises:
        ParameterError: an argument is none of its choices. Ranges are checked by :meth:`fit`.
    """

    def __init__(
        self,
        factors: int = 100,
        regularization: float | None = None,
        alpha: float = 1.0,
        dtype: npt.DTypeLike = np.float32,
        use_native: bool = True,
        use_cg: bool | None = None,
        use_gpu: bool | None = None,
        iterations: int = 15,
        calculate_training_loss: bool = False,
        num_threads: int = 0,
        random_state: Any = None,
        *,
        device: Device | str | int = "auto",
        feedback: Literal["implicit", "explicit"] = "implicit",
        regularization_exponent: float | None = None,
        nonnegative: bool = False,
        precision: Literal["float32", "float16"] = "float32",
        cg_steps: int = 3,
        confidence: str = "alpha*r",
    ) -> None:
        super().__init__(device)
        if feedback not in ("implicit", "explicit"):
            raise ParameterError(f'feedback is {feedback!r}, and has to be "implicit" or "explicit"')
        if precision not in ("float32", "float16"):
            raise ParameterError(f'precision is {precision!r}, and has to be "float32" or "float16"')
        is_implicit = feedback == "implicit"
        self.factors = factors
        self.regularization = regularization if regularization is not None else (0.01 if is_implicit else 0.1)
        self.alpha = alpha
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64, np.float16):
            raise ParameterError(f"dtype is {self.dtype}, and has to be float32, float64 or float16")
        self.use_native = use_native
        self.use_cg = use_cg if use_cg is not None else is_implicit and not nonnegative
        self.use_gpu = use_gpu
        self.iterations = iterations
        self.calculate_training_loss = calculate_training_loss
        self.num_threads = num_threads
        self.random_state = random_state
        self.feedback = feedback
        self.regularization_exponent = (
            regularization_exponent if regularization_exponent is not None else (0.0 if is_implicit else 1.0)
        )
        self.nonnegative = nonnegative
        self.precision = precision
        self.cg_steps = cg_steps
        self.confidence = checked_confidence(confidence)
        #: As implicit's: called after each iteration where ``fit`` is given no callback.
        self.fit_callback: Any = None

    def fit(self, user_items: Any, show_progress: bool = True, callback: Any = None) -> AlternatingLeastSquares:
        """Trains. Factors that are set are where it begins, so that a second call goes on from the first.

        An exception of the callback, or Ctrl-C, ends the training; the factors are then those of the last iteration that ended. The
        factors of the model change when the training has ended, not after each iteration.

        Args:
            user_items: users x items, a SciPy CSR matrix, or :class:`gpuals.Ratings`. Stored zeros are values.
            show_progress: whether a bar is shown (with tqdm), or lines go to the log "gpuals".
            callback: called as ``callback(iteration, seconds, loss)`` with the iteration counted from 0; the loss is None without
                ``calculate_training_loss``, else that of implicit, or the root mean squared error on the ratings (explicit).

        Returns:
            The model itself.

        Raises:
            ParameterError: a parameter is out of range, a shape is wrong, or the equations of a row have no single solution.
            DataError: the matrix is none of finite numbers, or empty.
            DeviceUnavailableError: there is no such device, or its memory does not suffice.
        """
        # First of all: nothing else is done with a parameter that has no sense.
        parameters = self._parameters()
        if self.factors < 1:
            raise ParameterError(f"factors is {self.factors}, and has to be at least 1")
        ratings = user_items.under(self.feedback) if isinstance(user_items, Ratings) else None
        matrix = as_csr(user_items if ratings is None else ratings.matrix, "user_items")
        generator = _generator(self.random_state)
        users, items = self._start(matrix.shape, generator)
        seed = _seed(self.random_state, generator)
        if self.iterations == 0 and users is not None and items is not None:
            self._take(users, items, ratings)
            return self
        if matrix.nnz == 0:
            raise DataError("user_items holds no values: there is nothing to train on")
        problem = Problem(matrix, dataclasses.replace(parameters, seed=seed), self.alpha, self.confidence)
        notify = callback or self.fit_callback
        raised: list[BaseException] = []
        with Interruption() as interruption, TrainingProgress(self.iterations, is_shown=show_progress) as shown:

            def report(iteration: int, measure: float, seconds: float) -> bool:
                try:
                    loss = None
                    if self.calculate_training_loss:
                        loss = problem.mean_loss(measure) if problem.parameters.implicit else measure
                    shown.update(iteration, loss)
                    if notify:
                        notify(iteration - 1, seconds, loss)
                except BaseException as error:  # What has been trained is kept.
                    raised.append(error)
                return bool(raised) or interruption.is_requested

            result = problem.fit(
                lambda: shared_device(self.device), users, items, report, measures=self.calculate_training_loss
            )
        self._take(result.user_factors, result.item_factors, ratings)
        if raised:
            raise raised[0]
        if interruption.raised is not None:
            raise interruption.raised
        return self

    def explain(
        self,
        userid: int,
        user_items: Any,
        itemid: int,
        user_weights: Any = None,
        N: int = 10,
    ) -> tuple[float, list[tuple[int, float]], Any]:
        """How much each of a user's items adds to the score of an item.

        Args:
            userid: the row of ``user_items`` that holds the user's items.
            user_items: a CSR matrix.
            itemid: the item.
            user_weights: what an earlier call for the same user returned, to save time.
            N: how many items are listed.

        Returns:
            The score; the N items that add most to it, and how much, in descending order; and the weights for further calls.

        Raises:
            ParameterError: the factors are nonnegative, where scores are no sums over items; or the equations have no single solution.
            IndexError: the user or the item is not there.
        """
        if self.nonnegative:
            raise ParameterError(
                "scores of nonnegative factors are no sums over a user's items: there is nothing to list"
            )
        matrix = with_columns(as_csr(user_items, "user_items"), len(self._factors(self._item_factors)), "user_items")
        if not 0 <= userid < matrix.shape[0]:
            raise IndexError(f"row {userid} is not one of the {matrix.shape[0]} of user_items")
        values = self._exact_problem(matrix[userid]).values
        amounts, weights = _explanation.explanation(
            values.data,
            self.item_factors[values.indices],
            self._rows(self._item_factors, itemid),
            self.YtY if self._is_implicit else None,
            self.regularization,
            self.regularization_exponent,
            user_weights,
        )
        listed = np.flatnonzero(values.data > 0) if self._is_implicit else np.arange(len(amounts))
        order = listed[np.argsort(-amounts[listed], kind="stable")][:N]
        return float(amounts.sum()), list(zip(values.indices[order].tolist(), amounts[order].tolist())), weights

    def to_cpu(self) -> AlternatingLeastSquares:
        """The model itself: its factors are NumPy arrays wherever it was trained."""
        return self

    def to_gpu(self) -> AlternatingLeastSquares:
        """The model itself: ``device`` decides where it is trained."""
        return self

    @property
    def _is_implicit(self) -> bool:
        return self.feedback == "implicit"

    def _parameters(self, *, exact: bool = False) -> Parameters:
        return Parameters(
            rank=self.factors,
            iterations=self.iterations,
            regularization=self.regularization,
            regularization_exponent=self.regularization_exponent,
            implicit=self._is_implicit,
            nonnegative=self.nonnegative,
            cg_steps=self.cg_steps if self.use_cg and not exact else 0,
            half_precision=self.precision == "float16",
            users_first=self._is_implicit,
        )

    def _exact_problem(self, matrix: Any) -> Problem:
        return Problem(matrix, self._parameters(exact=True), self.alpha, self.confidence)

    def _start(self, shape: tuple[int, int], generator: np.random.Generator) -> tuple[Array | None, Array | None]:
        """The initial factors: those that are set, else implicit's; None in explicit training, which begins at the library's."""
        given = (self._user_factors, self._item_factors)
        for name, factors, rows in zip(("user_factors", "item_factors"), given, shape):
            if factors is not None and factors.shape != (rows, self.factors):
                raise ParameterError(
                    f"{name}, where training begins, are of shape {factors.shape}, and have to be {(rows, self.factors)}: set them "
                    "to None to begin anew"
                )
        if not self._is_implicit:
            # The first half-step solves items and reads the users alone.
            return given if given[0] is not None else (None, None)
        dtype = np.float64 if self.dtype == np.float64 else np.float32
        return tuple(  # type: ignore[return-value]
            factors if factors is not None else generator.random((rows, self.factors), dtype=dtype) * dtype(0.01)
            for factors, rows in zip(given, shape)
        )

    def _take(self, users: Array, items: Array, ratings: Ratings | None) -> None:
        self.user_factors = np.array(users, dtype=self.dtype)
        self.item_factors = np.array(items, dtype=self.dtype)
        self.ratings = ratings
        self.users, self.items = (None, None) if ratings is None else (ratings.users, ratings.items)

    save = _implicit_file.save
    load = classmethod(_implicit_file.load)
    save_model_directory = _model_conversion.save_model_directory
    load_model_directory = classmethod(_model_conversion.load_model_directory)


def _generator(random_state: Any) -> np.random.Generator:
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31))
    return np.random.default_rng(random_state)


def _seed(random_state: Any, generator: np.random.Generator) -> int:
    """The seed of the library's start: a whole number itself, so that it gives what ``gpuals train --seed`` does."""
    if isinstance(random_state, (int, np.integer)) and random_state >= 0:
        return int(random_state)
    return int(generator.integers(2**63))
