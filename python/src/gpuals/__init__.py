"""gpuals: alternating least squares for recommenders, on any OpenCL device."""

from __future__ import annotations

from gpuals.als import AlternatingLeastSquares
from gpuals.computations import FitResult, fit, solve_rows, spark_start, top_n
from gpuals.device import Device
from gpuals.errors import (
    DataError,
    DeviceUnavailableError,
    GPUALSError,
    LibraryNotFoundError,
    NotFittedError,
    ParameterError,
    ParameterWarning,
    SoftwareError,
)
from gpuals.ids import IDs
from gpuals.parameters import Parameters
from gpuals.ratings import Ratings

__version__ = "0.1.0"

__all__ = [
    "AlternatingLeastSquares",
    "DataError",
    "Device",
    "DeviceUnavailableError",
    "FitResult",
    "GPUALSError",
    "IDs",
    "LibraryNotFoundError",
    "NotFittedError",
    "ParameterError",
    "ParameterWarning",
    "Parameters",
    "Ratings",
    "SoftwareError",
    "__version__",
    "fit",
    "solve_rows",
    "spark_start",
    "top_n",
]
