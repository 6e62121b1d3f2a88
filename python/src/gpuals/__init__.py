"""gpuals: alternating least squares for recommenders, on any OpenCL device."""

from __future__ import annotations

from gpuals.computations import FitResult, fit, solve_rows, spark_start, top_n
from gpuals.device import Device
from gpuals.errors import (
    DataError,
    DeviceUnavailableError,
    GPUALSError,
    LibraryNotFoundError,
    NotFittedError,
    ParameterError,
    SoftwareError,
)
from gpuals.parameters import Parameters

__version__ = "0.1.0"

__all__ = [
    "DataError",
    "Device",
    "DeviceUnavailableError",
    "FitResult",
    "GPUALSError",
    "LibraryNotFoundError",
    "NotFittedError",
    "ParameterError",
    "Parameters",
    "SoftwareError",
    "__version__",
    "fit",
    "solve_rows",
    "spark_start",
    "top_n",
]
