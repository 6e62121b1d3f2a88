"""pyarrow, where it is installed."""

from __future__ import annotations

from typing import Any

from gpuals.errors import GPUALSError


def parquet_library() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        GPUALSError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.dataset
        from pyarrow import parquet
    except ImportError as error:
        raise GPUALSError("Parquet needs pyarrow, which is not installed: pip install 'gpuals[parquet]'") from error
    return pyarrow, parquet
