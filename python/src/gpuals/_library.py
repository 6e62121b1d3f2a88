"""libgpuals by ctypes: where it is, and the C interface of ``gpuals.h``, declared line by line.

Nothing here knows NumPy; :mod:`gpuals.computations` checks arrays and makes the calls. The library is loaded at the first call, so that
``import gpuals`` works where there is none. ``ctypes.CDLL`` releases the interpreter's lock during calls.
"""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from pathlib import Path
from typing import NoReturn

from gpuals.errors import LibraryNotFoundError, error_of

#: The ``GPUALS_VERSION`` that these declarations are written for. Later versions only add to it.
HEADER_VERSION = 1

#: ``GPUALS_OK`` and ``GPUALS_STOPPED``; the other statuses become exceptions.
OK = 0
STOPPED = 130

#: The variable that names the library.
ENVIRONMENT_VARIABLE = "GPUALS_LIBRARY"

_MESSAGE_SIZE = 16384


class CParameters(ctypes.Structure):
    """``gpuals_parameters``."""

    _fields_ = (
        ("size", c_size_t),
        ("rank", c_int32),
        ("iterations", c_int32),
        ("regularization", c_double),
        ("regularization_exponent", c_double),
        ("implicit", c_int32),
        ("alpha", c_double),
        ("nonnegative", c_int32),
        ("cg_steps", c_int32),
        ("half_precision", c_int32),
        ("users_first", c_int32),
        ("seed", c_uint64),
        ("initial_norm", c_double),
    )


class CMatrix(ctypes.Structure):
    """``gpuals_csr``."""

    _fields_ = (
        ("rows", c_int64),
        ("columns", c_int64),
        ("offsets", c_void_p),
        ("indices", c_void_p),
        ("values", c_void_p),
    )


#: ``gpuals_progress``.
CProgress = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int32, c_double, c_double)

_MESSAGE = [c_char_p, c_size_t]
_FUNCTIONS = {
    "gpuals_version": (c_int32, []),
    "gpuals_parameters_init": (None, [POINTER(CParameters)]),
    "gpuals_device_open": (c_int32, [c_char_p, POINTER(c_void_p), *_MESSAGE]),
    "gpuals_device_name": (None, [c_void_p, c_char_p, c_size_t]),
    "gpuals_device_close": (None, [c_void_p]),
    "gpuals_fit": (
        c_int32,
        [
            c_void_p,
            POINTER(CParameters),
            POINTER(CMatrix),
            c_void_p,
            c_void_p,
            c_int32,
            CProgress,
            c_void_p,
            *_MESSAGE,
        ],
    ),
    "gpuals_solve_rows": (
        c_int32,
        [c_void_p, POINTER(CParameters), POINTER(CMatrix), c_void_p, c_void_p, c_void_p, *_MESSAGE],
    ),
    "gpuals_spark_start": (c_int32, [c_int64, c_int32, c_int32, c_int64, c_void_p, POINTER(c_float), *_MESSAGE]),
    "gpuals_top_n": (
        c_int32,
        [
            c_void_p,
            c_int64,
            c_int64,
            c_int32,
            c_void_p,
            c_void_p,
            POINTER(CMatrix),
            c_int32,
            c_void_p,
            c_void_p,
            *_MESSAGE,
        ],
    ),
}


def library_path() -> Path:
    """Where the library is: ``$GPUALS_LIBRARY``, else ``libgpuals.so`` beside this module.

    Raises:
        LibraryNotFoundError: there is no file at either place.
    """
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        path = Path(given)
        if not path.is_file():
            raise LibraryNotFoundError(
                f"{ENVIRONMENT_VARIABLE} is {given}, and there is no such file: let it name libgpuals.so (scripts/library "
                "in a clone of gpuals builds it and prints its path), or unset it to use the library of the installed package"
            )
        return path
    path = Path(__file__).with_name("libgpuals.so")
    if not path.is_file():
        raise LibraryNotFoundError(
            f"there is no {path}: install the package with 'pip install ./python' from a clone of gpuals, which builds the "
            f"library, or set {ENVIRONMENT_VARIABLE} to the path that scripts/library prints"
        )
    return path


@functools.cache
def library() -> ctypes.CDLL:
    """The library, loaded and declared once for the process.

    Raises:
        LibraryNotFoundError: it is missing, cannot be loaded, or is older than this package.
    """
    path = library_path()
    try:
        loaded = ctypes.CDLL(str(path))
        version = loaded.gpuals_version
    except (OSError, AttributeError) as error:
        raise LibraryNotFoundError(
            f"{path} cannot be used as libgpuals: {error}. Build it anew with scripts/library of a clone of gpuals"
        ) from error
    version.restype, version.argtypes = c_int32, []
    if version() < HEADER_VERSION:
        raise LibraryNotFoundError(
            f"{path} is version {version()} of libgpuals, and this package needs {HEADER_VERSION}: build it anew with "
            "scripts/library of the same clone"
        )
    for name, (result, arguments) in _FUNCTIONS.items():
        try:
            function = getattr(loaded, name)
        except AttributeError:
            setattr(loaded, name, _missing(path, name))
            continue
        function.restype, function.argtypes = result, arguments
    return loaded


def _missing(path: Path, name: str) -> Callable[..., NoReturn]:
    """Stands for a function that an older library does not have; the others work without it."""

    def call(*_: object) -> NoReturn:
        raise LibraryNotFoundError(
            f"{path} has no function {name}: it is older than this package; build it anew with scripts/library of the same clone"
        )

    return call


class Message:
    """The buffer for the one sentence that says why a call failed."""

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(_MESSAGE_SIZE)

    @property
    def arguments(self) -> tuple[ctypes.Array[ctypes.c_char], int]:
        """The last two arguments of a call."""
        return self._buffer, _MESSAGE_SIZE

    def check(self, status: int) -> int:
        """Returns ``OK`` or ``STOPPED``; raises what another status stands for."""
        if status in (OK, STOPPED):
            return status
        raise error_of(status, self._buffer.value.decode("utf-8", "replace"))
