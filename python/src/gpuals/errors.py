"""What calls of gpuals raise. Every error says what is wrong, where, and what to do."""

from __future__ import annotations

import re

USAGE = 64
BAD_DATA = 65
UNAVAILABLE = 69
SOFTWARE = 70


class GPUALSError(Exception):
    """An error of gpuals. ``status`` is the exit code that the command line would end with (``sysexits.h``)."""

    status: int = SOFTWARE


class ParameterError(GPUALSError, ValueError):
    """A parameter without sense, or equations that this regularization does not solve (status 64)."""

    status = USAGE


class DataError(GPUALSError, ValueError):
    """Ratings, ids or files that are not what they have to be (status 65)."""

    status = BAD_DATA


class DeviceUnavailableError(GPUALSError, RuntimeError):
    """There is no such device, or its memory does not suffice (status 69)."""

    status = UNAVAILABLE


class LibraryNotFoundError(DeviceUnavailableError, ImportError):
    """``libgpuals.so`` is not where it has to be, or of another version (status 69)."""


class SoftwareError(GPUALSError, RuntimeError):
    """A fault of gpuals, or of a driver (status 70)."""

    status = SOFTWARE


class NotFittedError(GPUALSError, ValueError, AttributeError):
    """The model has no factors yet (status 64)."""

    status = USAGE


class ParameterWarning(UserWarning):
    """Something works, but not the way it is asked for: a conversion, or a slower way."""


def error_of(status: int, message: str) -> GPUALSError:
    """The exception for a status of the library, whose messages name parameters as the command line does: ``--cg-steps``."""
    message = re.sub(r"--([a-z][a-z-]*)", lambda option: option[1].replace("-", "_"), message)
    for kind in (ParameterError, DataError, DeviceUnavailableError):
        if kind.status == status:
            return kind(message)
    error = SoftwareError(message or f"libgpuals ended with the status {status} and no message")
    error.status = status
    return error
