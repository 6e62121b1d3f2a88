"""A saved ``ALSModel``: ``metadata/``, ``userFactors/`` and ``itemFactors/`` in one directory."""

from __future__ import annotations

import dataclasses
import hashlib
import os

import numpy as np

from gpuals._files import synchronize_directory
from gpuals._staged_directory import StagedDirectory
from gpuals.errors import DataError, GPUALSError
from gpuals.exchange.factor_table import FactorTable
from gpuals.exchange.spark_ids import read_id_table, write_id_table
from gpuals.exchange.spark_metadata import SPARK_VERSION, SparkMetadata

_METADATA = "metadata"
_TABLES = {"user": "userFactors", "item": "itemFactors"}
_ID_TABLES = {"user": "user_ids.csv", "item": "item_ids.csv"}


class OccupiedPlaceError(GPUALSError):
    """Something else stands where a model is to be written (status 73)."""

    status = 73


@dataclasses.dataclass
class SparkModel:
    """What a saved ``ALSModel`` holds. Rows come in the order of their ids."""

    #: The factors of the users.
    users: FactorTable
    #: The factors of the items.
    items: FactorTable
    #: Its name among Spark's stages.
    uid: str
    #: The version of Spark that wrote it.
    spark_version: str
    #: The ids of users that ``user_ids.csv`` tells, in UTF-8; None without such a table.
    user_names: list[bytes] | None = None
    #: The ids of items that ``item_ids.csv`` tells, in UTF-8; None without such a table.
    item_names: list[bytes] | None = None

    @property
    def rank(self) -> int:
        """The length of a row of factors."""
        return int(self.users.factors.shape[1])


def write_spark_model(
    path: str | os.PathLike[str],
    users: FactorTable,
    items: FactorTable,
    user_names: list[bytes] | None = None,
    item_names: list[bytes] | None = None,
) -> None:
    """Writes what ``org.apache.spark.ml.recommendation.ALSModel.load`` reads; it appears whole or not at all.

    Args:
        path: the directory. What is there has to be a saved ALSModel, an empty directory or nothing.
        users: the factors of the users.
        items: the factors of the items.
        user_names: the ids of the users in UTF-8, where those of ``users`` only number them: they are written to ``user_ids.csv``,
            which Spark passes over.
        item_names: the same for items, in ``item_ids.csv``.

    Raises:
        OccupiedPlaceError: something else is at the path.
        MissingLibraryError: pyarrow is not installed.
        OSError: it cannot be written.
    """
    target = os.path.realpath(path)
    if os.path.lexists(target) and not _is_replaceable(target):
        raise OccupiedPlaceError(
            f"{os.fspath(path)} is there and holds something else than a saved ALSModel: choose another directory, or remove it"
        )
    tables = {"user": users, "item": items}
    with StagedDirectory(target) as staged:
        for side, table in tables.items():
            table.write(os.path.join(staged.path, _TABLES[side]), SPARK_VERSION)
        for side, names in (("user", user_names), ("item", item_names)):
            if names is not None:
                write_id_table(os.path.join(staged.path, _ID_TABLES[side]), names, side)
        # Last, as Spark reads it first.
        SparkMetadata(users.factors.shape[1], _uid(users, items), SPARK_VERSION).write(
            os.path.join(staged.path, _METADATA)
        )
        for name in (_METADATA, *_TABLES.values()):
            synchronize_directory(os.path.join(staged.path, name))
        staged.publish({_METADATA, *_TABLES.values(), *_ID_TABLES.values()})


def read_spark_model(path: str | os.PathLike[str]) -> SparkModel:
    """Reads what ``ALSModel.save`` of Spark 3 or 4 wrote, or :func:`write_spark_model`.

    Raises:
        DataError: it is no saved ALSModel, or a damaged one.
        FileNotFoundError: there is nothing at the path.
        MissingLibraryError: pyarrow is not installed.
        OSError: it cannot be read.
    """
    place = os.fspath(path)
    if not os.path.isdir(place):
        if os.path.exists(place):
            raise DataError(f"{place} is a file, and a saved ALSModel is a directory")
        raise FileNotFoundError(place)
    missing = [name for name in (_METADATA, *_TABLES.values()) if not os.path.isdir(os.path.join(place, name))]
    if missing:
        raise DataError(f"{place} is no saved ALSModel of Spark: it has no {' and no '.join(missing)}")
    metadata = SparkMetadata.read(os.path.join(place, _METADATA))
    users = FactorTable.read(os.path.join(place, _TABLES["user"]), metadata.rank)
    items = FactorTable.read(os.path.join(place, _TABLES["item"]), metadata.rank)
    model = SparkModel(users, items, metadata.uid, metadata.spark_version)
    for side, table in (("user", users), ("item", items)):
        names = os.path.join(place, _ID_TABLES[side])
        if os.path.exists(names):
            setattr(model, f"{side}_names", read_id_table(names, side, table.ids))
    return model


def _is_replaceable(path: str) -> bool:
    if not os.path.isdir(path):
        return False
    entries = set(os.listdir(path))
    if not entries:
        return True
    # Nothing of anybody's own goes with it.
    known = {_METADATA, *_TABLES.values(), *_ID_TABLES.values()}
    if not {_METADATA, *_TABLES.values()} <= entries <= known | {"_SUCCESS"}:
        return False
    try:
        SparkMetadata.read(os.path.join(path, _METADATA))
    except (OSError, DataError):
        return False
    return True


def _uid(users: FactorTable, items: FactorTable) -> str:
    """A name as Spark makes them, that depends on the factors alone: the same model has the same one."""
    hashed = hashlib.sha256()
    for table in (users, items):
        hashed.update(np.ascontiguousarray(table.ids).data)
        hashed.update(np.ascontiguousarray(table.factors).data)
    return f"ALS_{hashed.hexdigest()[:12]}"
