"""The best columns for some rows: on the device, or here where the way there would take longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals.computations import FloatArray, IntArray, top_n
from gpuals.device import Device

#: Rows x columns up to which the scores are made by NumPy: a device takes some ten milliseconds to begin.
_MOST_ON_HOST = 2_000_000


def best_columns(
    device: Callable[[], Device],
    rows: npt.NDArray[Any],
    columns: npt.NDArray[Any],
    n: int,
    excluded: Any | None = None,
) -> tuple[IntArray, FloatArray]:
    """As :func:`gpuals.top_n`, by ``device()`` or without one."""
    if len(rows) * len(columns) > _MOST_ON_HOST:
        return top_n(device(), rows, columns, n, excluded)
    scores = np.asarray(rows, dtype=np.float32) @ np.asarray(columns, dtype=np.float32).T
    if excluded is not None:
        scores[np.repeat(np.arange(len(rows)), np.diff(excluded.indptr)), excluded.indices] = -np.inf
    indices = np.full((len(rows), n), -1, dtype=np.int32)
    best = np.full((len(rows), n), -np.inf, dtype=np.float32)
    for row, values in enumerate(scores):
        if n < len(values):
            # All that reach the n-th score, so that ties are told apart by their columns and not by the partition.
            candidates = np.flatnonzero(values >= np.partition(values, len(values) - n)[len(values) - n])
        else:
            candidates = np.arange(len(values))
        candidates = candidates[values[candidates] > -np.inf]
        chosen = candidates[np.argsort(-values[candidates], kind="stable")][:n]
        indices[row, : len(chosen)] = chosen
        best[row, : len(chosen)] = values[chosen]
    return indices, best
