"""A model of Python as a directory of gpuals, and back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from gpuals._confidence import confidences, evidence
from gpuals._shared_devices import shared_device
from gpuals.device import Device
from gpuals.errors import DataError, GPUALSError, NotFittedError, ParameterError
from gpuals.ids import IDs
from gpuals.model_directory import ModelContent, read_model_directory, write_model_directory
from gpuals.ratings import Ratings

if TYPE_CHECKING:
    from gpuals.als import AlternatingLeastSquares


def save_model_directory(
    self: AlternatingLeastSquares, path: str | os.PathLike[str], keep_ratings: bool = True
) -> None:
    """Saves the model as the directory that ``gpuals recommend --model`` and all other commands read.

    Rows without ids get their numbers as ids. In such a model confidence is ``1 + alpha * r``: the ratings of one with
    ``confidence="alpha*r"`` are kept as ``alpha * r - 1`` with alpha = 1, which is the same.

    Args:
        path: the directory. What is there has to be a model, which is replaced in one step, or nothing.
        keep_ratings: whether the ratings are kept with it, where the model was trained on :class:`gpuals.Ratings`. Without them
            ``gpuals recommend`` does not leave out by itself what a user has rated.

    Raises:
        NotFittedError: there are no factors.
        ParameterError: something else is at the path; a factor is not finite; an id is no line of text; or a confidence is below 1.
        OSError: it cannot be written.
    """
    if self.user_factors is None or self.item_factors is None:
        raise NotFittedError("the model has no factors yet: call fit, or load a model")
    is_implicit = self.feedback == "implicit"
    ratings = None
    if self.ratings is not None and keep_ratings:
        ratings = self.ratings.matrix
        if is_implicit and self.confidence == "alpha*r":
            ratings = evidence(confidences(ratings, self.alpha, self.confidence))
            if ratings is None:
                raise ParameterError(
                    "a confidence is below 1, which a model directory cannot hold: save it with keep_ratings=False"
                )
    parameters: dict[str, Any] = {
        "rank": int(self.factors),
        "iterations": max(int(self.iterations), 1),
        "regularization": float(self.regularization),
        "regularization_exponent": float(self.regularization_exponent),
        "feedback": self.feedback,
        "seed": int(self.random_state)
        if isinstance(self.random_state, (int, np.integer)) and self.random_state >= 0
        else 0,
        "solver": "cg" if self.use_cg else "cholesky",
        "precision": self.precision,
        "nonnegative": bool(self.nonnegative),
        "biases": False,
        "initial_norm": 1.0,
        "first_side": "user" if is_implicit else "item",
    }
    if self.use_cg:
        parameters["cg_steps"] = int(self.cg_steps)
    if is_implicit:
        parameters["alpha"] = 1.0 if self.confidence == "alpha*r" else float(self.alpha)
    users = self.users if self.users is not None else IDs(np.arange(len(self.user_factors)))
    items = self.items if self.items is not None else IDs(np.arange(len(self.item_factors)))
    if ratings is not None and ratings.shape != (len(users), len(items)):
        # Rows have been added since training.
        ratings = ratings.copy()
        ratings.resize((len(users), len(items)))
    write_model_directory(
        path,
        ModelContent(
            parameters,
            np.asarray(self.user_factors, dtype=np.float32),
            np.asarray(self.item_factors, dtype=np.float32),
            users,
            items,
            ratings,
            0 if ratings is None else int(ratings.nnz),
            _device_name(self.device),
        ),
    )


def load_model_directory(
    cls: type[AlternatingLeastSquares], path: str | os.PathLike[str], device: Device | str | int = "auto"
) -> AlternatingLeastSquares:
    """Loads a model that ``gpuals train`` or :meth:`save_model_directory` wrote, with its ids, and its ratings where it has kept them.

    A model of implicit feedback comes with ``confidence="1+alpha*r"``.

    Args:
        path: the directory.
        device: where to compute.

    Raises:
        DataError: it is damaged, of a later version, or has biases.
        FileNotFoundError: there is no model.
    """
    content = read_model_directory(path)
    given = content.parameters
    try:
        model = cls(
            factors=int(given["rank"]),
            regularization=float(given["regularization"]),
            alpha=float(given.get("alpha", 1.0)),
            use_cg=given.get("solver") == "cg",
            iterations=int(given["iterations"]),
            random_state=int(given["seed"]),
            device=device,
            feedback=given["feedback"],
            regularization_exponent=float(given["regularization_exponent"]),
            nonnegative=bool(given.get("nonnegative", False)),
            precision=given.get("precision", "float32"),
            cg_steps=int(given.get("cg_steps", 3)),
            confidence="1+alpha*r",
        )
    except (KeyError, TypeError, ValueError, GPUALSError) as error:
        raise DataError(f"{os.path.join(path, 'model.json')} is damaged: parameters: {error}") from error
    model.user_factors, model.item_factors = content.user_factors, content.item_factors
    model.users, model.items = content.users, content.items
    if content.ratings is not None:
        model.ratings = Ratings.from_matrix(content.ratings, content.users, content.items)
    return model


def _device_name(device: Device | str | int) -> str:
    try:
        return shared_device(device).name
    except GPUALSError:
        # The model is whole without it: it may be saved where there is no device, or no library.
        return str(device)
