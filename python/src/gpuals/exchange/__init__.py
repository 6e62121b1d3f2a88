"""Models in the form of Spark's ``ALSModel``, and back, without Spark and without libgpuals: NumPy and pyarrow do.

``gpuals export --to spark`` and ``gpuals import --from spark`` run this package as a program, ``python3 -m gpuals.exchange``.
"""

from __future__ import annotations

from gpuals.exchange.factor_table import FactorTable
from gpuals.exchange.spark_model import OccupiedPlaceError, SparkModel, read_spark_model, write_spark_model

__all__ = ["FactorTable", "OccupiedPlaceError", "SparkModel", "read_spark_model", "write_spark_model"]
