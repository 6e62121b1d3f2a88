"""pyarrow, where it is installed."""

from __future__ import annotations

from typing import Any

from gpuals.errors import GPUALSError


class MissingLibraryError(GPUALSError, ImportError):
    """A library that this needs is not installed (status 69)."""

    status = 69


def parquet_library() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingLibraryError(
            f"Parquet needs pyarrow, which this Python does not have ({error}): in a clone of gpuals, run"
            " python3 -m pip install './python[parquet]'"
        ) from error
    return pyarrow, parquet
