"""Ids and factors of gpuals' own model directories, read without the rest of a model."""

from __future__ import annotations

import json
import os
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from gpuals.errors import DataError, ParameterError

_MANIFEST = "model.json"
_NAMES = (_MANIFEST, "users.txt", "items.txt", "user_factors.npy", "item_factors.npy")

#: How often a model is opened anew that is replaced meanwhile.
_ATTEMPTS = 20


class ModelFiles:
    """The files of a model as they stood at one moment. A context manager.

    Args:
        path: the model directory.

    Raises:
        DataError: it is damaged, or of a later version of gpuals.
        FileNotFoundError: there is no model.
        OSError: it cannot be read.
        ParameterError: it has biases, which Spark's ALS has not.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._files = _open_together(path)
        try:
            manifest = self._manifest()
            if manifest["parameters"].get("biases"):
                raise ParameterError(
                    f"{path} has biases, and an ALSModel of Spark has no place for them: train it without --biases"
                )
            self.rank = int(manifest["rank"])
            self._counts = {"user": int(manifest["users"]), "item": int(manifest["items"])}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.close()
            if isinstance(error, (DataError, ParameterError)):
                raise
            raise DataError(f"{self._place(_MANIFEST)} is damaged: {error!r}") from error

    def ids(self, side: str) -> list[bytes]:
        """The ids of ``user`` or ``item`` in row order, in UTF-8.

        Raises:
            DataError: there are not as many as rows.
        """
        name = f"{side}s.txt"
        lines = self._files[name].read().split(b"\n")
        if lines.pop() != b"" or len(lines) != self._counts[side]:
            raise DataError(f"{self._place(name)} is damaged: it has not the {self._counts[side]} lines of model.json")
        return lines

    def factors(self, side: str) -> npt.NDArray[np.float32]:
        """The factors of ``user`` or ``item``, rows x rank.

        Raises:
            DataError: they are not what model.json says, or not finite.
        """
        name = f"{side}_factors.npy"
        try:
            array: npt.NDArray[Any] = np.load(self._files[name], allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise DataError(f"{self._place(name)} is damaged: {error}") from error
        shape = (self._counts[side], self.rank)
        if array.shape != shape or array.dtype != np.float32:
            raise DataError(
                f"{self._place(name)} holds {array.dtype} of shape {array.shape}, but model.json says float32 of {shape}"
            )
        if not np.isfinite(array).all():
            raise DataError(f"{self._place(name)} is damaged: it holds an infinity or a NaN")
        return np.ascontiguousarray(array)

    def close(self) -> None:
        """Closes the files."""
        for file in self._files.values():
            file.close()

    def __enter__(self) -> ModelFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _place(self, name: str) -> str:
        return os.path.join(self._path, name)

    def _manifest(self) -> dict[str, Any]:
        content = json.loads(self._files[_MANIFEST].read())
        if content.get("format") != "gpuals-model":
            raise DataError(
                f"{self._path} is no model of gpuals: its {_MANIFEST} says format {content.get('format')!r}"
            )
        if content.get("format_version") != 1:
            raise DataError(
                f"{self._path} has the format version {content.get('format_version')}, and this package reads 1: update it"
            )
        return dict(content)


def _open_together(path: str) -> dict[str, BinaryIO]:
    """Opens all files of one model: a new one is put in the place of the directory as a whole, whose files then go one by one."""
    for attempt in range(_ATTEMPTS):
        directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        files: dict[str, BinaryIO] = {}
        try:
            for name in _NAMES:
                files[name] = os.fdopen(os.open(name, os.O_RDONLY, dir_fd=directory), "rb")
            return files
        except FileNotFoundError as error:
            for file in files.values():
                file.close()
            # The directory that is there now is another one where it was replaced.
            replaced = os.path.isdir(path) and not os.path.samestat(os.fstat(directory), os.stat(path))
            if not replaced or attempt == _ATTEMPTS - 1:
                raise FileNotFoundError(error.errno, error.strerror, os.path.join(path, name)) from error
        finally:
            os.close(directory)
    raise AssertionError("the last attempt returns or raises")
