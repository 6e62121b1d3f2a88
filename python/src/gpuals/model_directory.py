"""gpuals' own models: the directory that ``gpuals train --model`` writes and all commands read.

``model.json`` · ``user_factors.npy``, ``item_factors.npy`` · ``users.txt``, ``items.txt`` · ``ratings.npz``. It is written beside its
place and put there in one step, so that a reader sees the old model or the new one.
"""

from __future__ import annotations

import dataclasses
import json
import os
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gpuals._staged_directory import StagedDirectory
from gpuals.errors import DataError, ParameterError
from gpuals.ids import IDs

Array = npt.NDArray[Any]

_FORMAT = "gpuals-model"
_FORMAT_VERSION = 1
_MANIFEST = "model.json"
#: All that a model may consist of: what an older one has of these goes with it.
_FILES = frozenset(
    {
        _MANIFEST,
        "users.txt",
        "items.txt",
        "item_names.txt",
        "ratings.npz",
        "baseline.npz",
        "applied_files.jsonl",
        "user_factors.npy",
        "item_factors.npy",
        "user_biases.npy",
        "item_biases.npy",
    }
)


@dataclasses.dataclass
class ModelContent:
    """What a model directory holds."""

    #: The field ``parameters`` of model.json.
    parameters: dict[str, Any]
    #: Users x rank, 32 bits.
    user_factors: Array
    #: Items x rank, 32 bits.
    item_factors: Array
    users: IDs
    items: IDs
    #: The training matrix, users x items; None where it is not kept.
    ratings: Any | None
    #: How many ratings the model was trained on.
    rating_count: int
    #: Name of the device.
    device: str


def write_model_directory(path: str | os.PathLike[str], content: ModelContent) -> None:
    """Writes a model, durably and in one step.

    Args:
        path: the directory. What is there has to be a model, an empty directory or nothing.
        content: the model.

    Raises:
        ParameterError: something else is at the path, or the current directory; a factor is not finite; or an id is not one line of text.
        OSError: it cannot be written.
    """
    target = os.path.realpath(path)
    if not os.fspath(path) or os.path.join(os.getcwd(), "").startswith(os.path.join(target, "")):
        # The directory is exchanged as a whole: whoever stands in it would be left in the old one, which is removed.
        raise ParameterError(f"{os.fspath(path)!r} is or holds the current directory: choose another one")
    if os.path.lexists(target) and not _is_replaceable(target):
        raise ParameterError(f"{path} is there and is no gpuals model: choose another directory, or remove it")
    for name, factors in (("user_factors", content.user_factors), ("item_factors", content.item_factors)):
        if not np.isfinite(factors).all():
            raise ParameterError(f"{name} hold a NaN or an infinity: such a model could not be loaded again")
    with StagedDirectory(target) as staged:
        staged.write("users.txt", lambda file: file.write(_lines(content.users, "users")))
        staged.write("items.txt", lambda file: file.write(_lines(content.items, "items")))
        if content.ratings is not None:
            # Without compression, as gpuals itself writes it: the file is read by several threads at once.
            staged.write("ratings.npz", lambda file: scipy.sparse.save_npz(file, content.ratings, compressed=False))
        staged.write("user_factors.npy", lambda file: np.save(file, _c_order(content.user_factors)))
        staged.write("item_factors.npy", lambda file: np.save(file, _c_order(content.item_factors)))
        # Last: a directory with this file is complete.
        staged.write(_MANIFEST, lambda file: file.write(json.dumps(_manifest(content), indent=2).encode() + b"\n"))
        staged.publish(_FILES)


def read_model_directory(path: str | os.PathLike[str]) -> ModelContent:
    """Reads a model of ``gpuals train``, or of :func:`write_model_directory`, and checks that its parts fit each other.

    Raises:
        DataError: it is damaged, of a later version, or has biases, which Python does not read yet.
        FileNotFoundError: there is no model.
    """
    manifest = _read_manifest(path)
    try:
        parameters = dict(manifest["parameters"])
        counts = {name: int(manifest[name]) for name in ("users", "items", "ratings", "rank")}
        device = str(manifest["device"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{os.path.join(path, _MANIFEST)} is damaged: {error!r} is missing or wrong") from error
    if parameters.get("biases"):
        raise DataError(
            f"{path} is a model with biases, which the Python package does not read: train it without --biases"
        )
    return ModelContent(
        parameters,
        _read_factors(path, "user_factors.npy", counts["users"], counts["rank"]),
        _read_factors(path, "item_factors.npy", counts["items"], counts["rank"]),
        _read_ids(path, "users.txt", counts["users"]),
        _read_ids(path, "items.txt", counts["items"]),
        _read_ratings(path, counts),
        counts["ratings"],
        device,
    )


def fingerprint(matrix: Any) -> int:
    """FNV-1a of 64 bits over the shape, the row offsets and the entries of a CSR matrix: what gpuals knows the ratings of a model by."""
    hashed, prime, mask = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF
    entries = matrix.indices.astype(np.uint64) << np.uint64(32) | matrix.data.astype(np.float32).view(np.uint32)
    # Each step needs the one before it, so that NumPy cannot help: about a second for ten million ratings.
    for words in (np.array(matrix.shape, dtype=np.uint64), matrix.indptr.astype(np.uint64), entries):
        for begin in range(0, len(words), 1_000_000):
            for word in words[begin : begin + 1_000_000].tolist():
                hashed = (hashed ^ word) * prime & mask
    return hashed


def _manifest(content: ModelContent) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        "gpuals_version": "0.1.0",
        "parameters": content.parameters,
        "users": len(content.users),
        "items": len(content.items),
        "ratings": content.rating_count,
        "ratings_fingerprint": f"{fingerprint(content.ratings) if content.ratings is not None else 0:016x}",
        "rank": content.parameters["rank"],
        "device": content.device,
        "iterations": [],
        "seconds": {"read": 0, "build": 0, "train": 0, "write": 0},
        "peak_device_bytes": 0,
    }


def _is_replaceable(path: str) -> bool:
    if not os.path.isdir(path):
        return False
    if not os.listdir(path):
        return True
    try:
        return bool(_read_json(path).get("format") == _FORMAT)
    except (OSError, DataError):
        return False


def _read_json(path: str | os.PathLike[str]) -> dict[str, Any]:
    place = os.path.join(path, _MANIFEST)
    try:
        with open(place, encoding="utf-8") as file:
            result = json.load(file)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{place} is damaged: {error}") from error
    if not isinstance(result, dict):
        raise DataError(f"{place} is damaged: it holds no object")
    return result


def _read_manifest(path: str | os.PathLike[str]) -> dict[str, Any]:
    manifest = _read_json(path)
    if manifest.get("format") != _FORMAT:
        raise DataError(f"{path} is no gpuals model: its {_MANIFEST} says format {manifest.get('format')!r}")
    version = manifest.get("format_version")
    if not isinstance(version, int) or not 1 <= version <= _FORMAT_VERSION:
        raise DataError(f"{path} has the format version {version}, and this package reads {_FORMAT_VERSION}: update it")
    return manifest


def _read_factors(path: str | os.PathLike[str], name: str, rows: int, rank: int) -> Array:
    place = os.path.join(path, name)
    try:
        factors: Array = np.load(place, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{place} is no NumPy array: {error}") from error
    if factors.shape != (rows, rank) or factors.dtype != np.float32:
        raise DataError(
            f"{place} is a {factors.dtype} array of shape {factors.shape}, but model.json says float32, {(rows, rank)}"
        )
    if not np.isfinite(factors).all():
        raise DataError(f"{place} holds a NaN or an infinity")
    return factors


def _read_ids(path: str | os.PathLike[str], name: str, count: int) -> IDs:
    place = os.path.join(path, name)
    with open(place, "rb") as file:
        data = file.read()
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(f"{place} is not UTF-8: {error}") from error
    if lines.pop() != "":
        raise DataError(f"{place}: its last line does not end: the file was cut short")
    if len(lines) != count:
        raise DataError(f"{place} holds {len(lines)} ids, but model.json says {count}")
    try:
        return IDs(_whole_numbers(lines) if lines else [])
    except DataError as error:
        raise DataError(f"{place}: {error}") from error


def _whole_numbers(lines: list[str]) -> Any:
    """The ids as whole numbers, where all are such in the form that Python writes them, else as they are: "007" is not 7."""
    try:
        numbers = np.array([int(line) for line in lines], dtype=np.int64)
    except (ValueError, OverflowError):
        return np.array(lines, dtype=object)
    return numbers if [str(number) for number in numbers.tolist()] == lines else np.array(lines, dtype=object)


def _read_ratings(path: str | os.PathLike[str], counts: dict[str, int]) -> Any | None:
    place = os.path.join(path, "ratings.npz")
    try:
        matrix = scipy.sparse.load_npz(place)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{place} is no SciPy matrix: {error}") from error
    if matrix.format != "csr" or matrix.shape != (counts["users"], counts["items"]) or matrix.nnz != counts["ratings"]:
        raise DataError(
            f"{place} is a {matrix.format} matrix of shape {matrix.shape} with {matrix.nnz} ratings, which model.json does not say"
        )
    return matrix


def _lines(ids: IDs, name: str) -> bytes:
    texts = ids.values.tolist() if ids.values.dtype == object else list(map(str, ids.values.tolist()))
    for text in texts:
        if not text or "\n" in text:
            raise ParameterError(
                f"the id {text!r} of {name} is not one line of text, and cannot be kept in a model directory"
            )
    return "".join(text + "\n" for text in texts).encode("utf-8")


def _c_order(factors: Array) -> Array:
    return np.ascontiguousarray(factors, dtype=np.float32)
