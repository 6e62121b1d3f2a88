"""What the programs ``gpuals export`` and ``gpuals import`` ask of this package."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

from gpuals.exchange.arrow import parquet_library
from gpuals.exchange.factor_table import FactorTable
from gpuals.exchange.model_files import ModelFiles
from gpuals.exchange.spark_ids import spark_ids
from gpuals.exchange.spark_model import read_spark_model, write_spark_model

#: What :func:`unpack_spark_model` says of the files beside it.
RECORD = "spark.json"


def export_spark_model(model: str, output: str, numbers_ids: bool) -> dict[str, Any]:
    """Writes a model of gpuals as an ``ALSModel``.

    Args:
        model: the model directory.
        output: the directory to write.
        numbers_ids: whether rows get their numbers for ids, with tables of which is which.

    Returns:
        Counts of what was written.
    """
    # Before minutes of reading.
    parquet_library()
    with ModelFiles(model) as files:
        names = {side: files.ids(side) for side in ("user", "item")}
        tables = {}
        for side, lines in names.items():
            ids = np.arange(len(lines), dtype=np.int32) if numbers_ids else spark_ids(lines, side)
            tables[side] = FactorTable(ids, files.factors(side))
    write_spark_model(
        output,
        tables["user"],
        tables["item"],
        names["user"] if numbers_ids else None,
        names["item"] if numbers_ids else None,
    )
    return {"users": len(names["user"]), "items": len(names["item"])}


def unpack_spark_model(path: str, output: str) -> dict[str, Any]:
    """Writes the parts of an ``ALSModel`` in the forms of gpuals' model directories: ``users.txt``, ``items.txt``,
    ``user_factors.npy``, ``item_factors.npy``; and what it says of itself to ``spark.json``.

    Args:
        path: the saved ALSModel.
        output: an empty directory.

    Returns:
        What it says of itself.
    """
    model = read_spark_model(path)
    record = {
        "rank": model.rank,
        "users": len(model.users.ids),
        "items": len(model.items.ids),
        "spark_version": model.spark_version,
        "restored_ids": model.user_names is not None or model.item_names is not None,
    }
    for side, table, names in (("user", model.users, model.user_names), ("item", model.items, model.item_names)):
        lines = names if names is not None else [str(id).encode() for id in table.ids.tolist()]
        with open(os.path.join(output, f"{side}s.txt"), "xb") as file:
            file.writelines(line + b"\n" for line in lines)
        np.save(os.path.join(output, f"{side}_factors.npy"), table.factors)
    with open(os.path.join(output, RECORD), "x", encoding="utf-8") as file:
        json.dump(record, file)
    return record
