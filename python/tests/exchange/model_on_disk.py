"""A small model directory as gpuals writes it."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import numpy as np
import numpy.typing as npt


def write_model(
    path: pathlib.Path,
    users: list[str],
    items: list[str],
    rank: int = 3,
    seed: int = 0,
    parameters: dict[str, Any] | None = None,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Writes it, and returns the factors of users and items."""
    draw = np.random.default_rng(seed)
    path.mkdir(parents=True)
    factors = []
    for name, ids in (("user", users), ("item", items)):
        factors.append(draw.normal(size=(len(ids), rank)).astype(np.float32))
        np.save(path / f"{name}_factors.npy", factors[-1])
        (path / f"{name}s.txt").write_text("".join(f"{id}\n" for id in ids), encoding="utf-8")
    manifest = {
        "format": "gpuals-model",
        "format_version": 1,
        "rank": rank,
        "users": len(users),
        "items": len(items),
        "parameters": {"rank": rank, **(parameters or {})},
    }
    (path / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    return factors[0], factors[1]
