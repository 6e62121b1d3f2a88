"""The file that implicit's models are saved to: a NumPy archive of factors and settings."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from gpuals._files import replaced_file
from gpuals.errors import DataError, GPUALSError, ParameterError
from gpuals.ids import IDs

if TYPE_CHECKING:
    from gpuals.als import AlternatingLeastSquares

#: What implicit saves.
_OF_IMPLICIT = (
    "factors",
    "regularization",
    "alpha",
    "use_native",
    "use_cg",
    "cg_steps",
    "iterations",
    "calculate_training_loss",
    "num_threads",
    "random_state",
)
#: What it does not know, and passes over.
_OF_GPUALS = ("feedback", "regularization_exponent", "nonnegative", "precision", "confidence")


def save(self: AlternatingLeastSquares, fileobj_or_path: Any) -> None:
    """Saves the model as implicit does, in NumPy's ``.npz`` format; ``implicit.als.AlternatingLeastSquares.load`` reads it, too.

    Ids are saved with it, ratings and the device are not: :meth:`save_model_directory` keeps ratings. A ``random_state`` that is no whole
    number is not saved.

    Args:
        fileobj_or_path: a path, to which ``.npz`` is added where it is missing, or a binary file that is open for writing. A file at the
            path appears whole or not at all.

    Raises:
        OSError: it cannot be written.
        ParameterError: an id ends in a NUL, which NumPy's strings do not keep.
    """
    content: dict[str, Any] = {name: getattr(self, name) for name in _OF_IMPLICIT + _OF_GPUALS}
    if not isinstance(self.random_state, (int, np.integer)):
        del content["random_state"]
    content["dtype"] = self.dtype.name
    for name in ("user_factors", "item_factors"):
        content[name] = getattr(self, name)
    for name, ids in (("users", self.users), ("items", self.items)):
        if ids is not None:
            content[name] = ids.values if ids.values.dtype == np.int64 else _texts(ids)
    content = {name: value for name, value in content.items() if value is not None}
    if hasattr(fileobj_or_path, "write"):
        np.savez(fileobj_or_path, **content)
    else:
        with replaced_file(_with_suffix(fileobj_or_path)) as file:
            np.savez(file, **content)


def load(cls: type[AlternatingLeastSquares], fileobj_or_path: Any) -> AlternatingLeastSquares:
    """Loads what :meth:`save` or implicit's ``save`` wrote.

    Args:
        fileobj_or_path: a path, to which ``.npz`` is added where it is missing, or a binary file.

    Raises:
        DataError: it is no such file.
        FileNotFoundError: there is none.
    """
    is_file = hasattr(fileobj_or_path, "read")
    place = "the file" if is_file else _with_suffix(fileobj_or_path)
    try:
        with np.load(fileobj_or_path if is_file else place, allow_pickle=False) as archive:
            content = {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile, TypeError, AttributeError, KeyError) as error:
        # A single array is what np.load returns for a .npy file: it is no archive.
        raise DataError(f"{place} is no saved model: {error}") from error
    if "factors" not in content and "item_factors" not in content:
        raise DataError(f"{place} is no saved model: it has neither factors nor their number")
    try:
        # The constructor says which of the settings has no sense.
        settings = {
            name: content[name].item() for name in _OF_IMPLICIT + _OF_GPUALS if name in content and name != "cg_steps"
        }
        # A model of implicit has its own defaults where a setting is missing.
        settings.setdefault("factors", int(content["item_factors"].shape[1]) if "item_factors" in content else 100)
        model = cls(
            dtype=str(content.get("dtype", np.str_("float32"))), cg_steps=int(content.get("cg_steps", 3)), **settings
        )
        for name in ("user_factors", "item_factors"):
            if name in content:
                factors = content[name]
                if factors.ndim != 2 or factors.shape[1] != model.factors or factors.dtype.kind != "f":
                    raise DataError(f"its {name} are of shape {factors.shape}, and factors is {model.factors}")
                setattr(model, name, factors)
        for name, of in (("users", "user_factors"), ("items", "item_factors")):
            if name in content:
                ids = IDs(content[name])
                if getattr(model, of) is None or len(ids) != len(getattr(model, of)):
                    raise DataError(f"it holds {len(ids)} ids of {name}, which its {of} do not fit")
                setattr(model, name, ids)
    except (GPUALSError, TypeError, ValueError) as error:
        raise DataError(f"{place} is damaged: {error}") from error
    return model


def _with_suffix(path: Any) -> str:
    text = str(os.fspath(path))
    return text if text.endswith(".npz") else text + ".npz"


def _texts(ids: IDs) -> Any:
    texts = ids.values.astype(str)
    if any(text.endswith("\0") for text in ids.values):
        raise ParameterError("an id ends in a NUL, which a NumPy archive does not keep: use save_model_directory")
    return texts
