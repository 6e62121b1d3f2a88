"""The factors of one side as Spark keeps them: Parquet files of ``id: int, features: array<float>``."""

from __future__ import annotations

import dataclasses
import json
import os
import uuid
from typing import Any

import numpy as np
import numpy.typing as npt

from gpuals.errors import DataError
from gpuals.exchange.arrow import parquet_library

#: What Spark reads types from: that neither column holds nulls, as in the files that it writes itself.
_ROW_TYPE = {
    "type": "struct",
    "fields": [
        {"name": "id", "type": "integer", "nullable": False, "metadata": {}},
        {
            "name": "features",
            "type": {"type": "array", "elementType": "float", "containsNull": False},
            "nullable": True,
            "metadata": {},
        },
    ],
}

#: Numbers in a file and in one of its row groups: 256 and 64 MiB. Spark reads row groups side by side.
_FILE_NUMBERS = 1 << 26
_GROUP_NUMBERS = 1 << 24


@dataclasses.dataclass
class FactorTable:
    """The factors of users or items."""

    #: An id of 32 bits for each row, all different.
    ids: npt.NDArray[np.int32]
    #: Rows x rank.
    factors: npt.NDArray[np.float32]

    def write(self, directory: str, spark_version: str) -> None:
        """Writes the files of a table, durably, into a new directory.

        Raises:
            MissingLibraryError: pyarrow is not installed.
            OSError: it cannot be written.
        """
        pyarrow, parquet = parquet_library()
        rank = self.factors.shape[1]
        schema = pyarrow.schema(
            [
                pyarrow.field("id", pyarrow.int32(), nullable=False),
                pyarrow.field("features", pyarrow.list_(pyarrow.field("element", pyarrow.float32(), nullable=False))),
            ],
            metadata={
                "org.apache.spark.version": spark_version,
                "org.apache.spark.sql.parquet.row.metadata": json.dumps(_ROW_TYPE, separators=(",", ":")),
            },
        )
        os.mkdir(directory)
        job = uuid.uuid4()
        rows_per_file = max(1, _FILE_NUMBERS // rank)
        rows_per_group = max(1, _GROUP_NUMBERS // rank)
        for part, begin in enumerate(range(0, len(self.ids), rows_per_file)):
            end = min(begin + rows_per_file, len(self.ids))
            with open(os.path.join(directory, f"part-{part:05}-{job}-c000.snappy.parquet"), "xb") as file:
                # Factors have next to no number twice: a dictionary of them would only take time.
                with parquet.ParquetWriter(file, schema, compression="snappy", use_dictionary=False) as writer:
                    for first in range(begin, end, rows_per_group):
                        last = min(first + rows_per_group, end)
                        offsets = np.arange(last - first + 1, dtype=np.int32) * np.int32(rank)
                        flat = np.ascontiguousarray(self.factors[first:last], dtype=np.float32).reshape(-1)
                        lists = pyarrow.ListArray.from_arrays(
                            pyarrow.array(offsets), pyarrow.array(flat), type=schema.field("features").type
                        )
                        writer.write_table(
                            pyarrow.table([pyarrow.array(self.ids[first:last]), lists], schema=schema),
                            row_group_size=last - first,
                        )
                file.flush()
                os.fsync(file.fileno())
        write_success(directory)

    @staticmethod
    def read(directory: str, rank: int) -> FactorTable:
        """Reads the files of a table; rows come in the order of their ids.

        Args:
            directory: where the files are.
            rank: the length that each row has to have.

        Raises:
            DataError: they are no such table, or an id comes twice.
            FileNotFoundError: there is no such directory.
            MissingLibraryError: pyarrow is not installed.
            OSError: a file cannot be read.
        """
        pyarrow, parquet = parquet_library()
        ids: list[npt.NDArray[np.int32]] = []
        factors: list[npt.NDArray[np.float32]] = []
        # What begins with a dot or a line is not of the table: check sums, and the mark of success.
        names = sorted(name for name in os.listdir(directory) if not name.startswith((".", "_")))
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isdir(path):
                raise DataError(f"{path} is a directory: tables in partitions are not factors of Spark's ALS")
            try:
                with open(path, "rb") as file:
                    table = parquet.read_table(file)
            except pyarrow.ArrowException as error:
                raise DataError(f"{path} is damaged or no Parquet file: {error}") from error
            ids.append(_ids(pyarrow, table, path))
            factors.append(_factors(pyarrow, table, path, rank))
        if not any(len(part) for part in ids):
            raise DataError(f"{directory} holds no factors: an ALSModel has some for each user and item")
        all_ids = np.concatenate(ids)
        order = np.argsort(all_ids, kind="stable")
        sorted_ids = all_ids[order]
        twice = np.flatnonzero(sorted_ids[1:] == sorted_ids[:-1])
        if len(twice):
            raise DataError(
                f"{directory} holds the id {sorted_ids[twice[0]]} twice: are files of another model among its own?"
            )
        return FactorTable(sorted_ids, np.concatenate(factors)[order])


def write_success(directory: str) -> None:
    """Marks a directory as written to its end, as Hadoop does."""
    with open(os.path.join(directory, "_SUCCESS"), "xb") as file:
        os.fsync(file.fileno())


def _column(table: Any, name: str, path: str) -> Any:
    if name not in table.column_names:
        raise DataError(
            f"{path} has no column {name}: factors of Spark's ALS have id and features, this has"
            f" {', '.join(table.column_names)}"
        )
    column = table.column(name)
    if column.null_count:
        raise DataError(f"{path}: column {name} holds a null")
    return column


def _ids(pyarrow: Any, table: Any, path: str) -> npt.NDArray[np.int32]:
    column = _column(table, "id", path)
    if column.type != pyarrow.int32():
        raise DataError(f"{path}: column id is of type {column.type}, and Spark's ALS has ids of type int")
    return np.asarray(column.to_numpy(), dtype=np.int32)


def _factors(pyarrow: Any, table: Any, path: str, rank: int) -> npt.NDArray[np.float32]:
    column = _column(table, "features", path)
    if not pyarrow.types.is_list(column.type) or column.type.value_type != pyarrow.float32():
        raise DataError(f"{path}: column features is of type {column.type}, and Spark's ALS has array<float>")
    parts = []
    for chunk in column.chunks:
        flat = chunk.flatten()
        offsets = np.asarray(chunk.offsets.to_numpy())
        if flat.null_count or (np.diff(offsets) != rank).any():
            raise DataError(
                f"{path}: column features holds a null, or a list that is not as long as the rank of the model, {rank}"
            )
        parts.append(np.asarray(flat.to_numpy(), dtype=np.float32).reshape(len(chunk), rank))
    factors = np.concatenate(parts) if parts else np.zeros((0, rank), dtype=np.float32)
    if not np.isfinite(factors).all():
        raise DataError(f"{path}: column features holds a NaN or an infinity")
    return factors
