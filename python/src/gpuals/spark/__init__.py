"""Alternating least squares on the executors of a Spark cluster.

:class:`ALS` takes the place of ``pyspark.ml.recommendation.ALS``: the same parameters, and ``fit`` returns Spark's own ``ALSModel``.
"""

from __future__ import annotations

from gpuals.spark.estimator import ALS

__all__ = ["ALS"]
