"""``metadata/`` of a saved ``ALSModel``: one line of JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from typing import Any

from gpuals.errors import DataError
from gpuals.exchange.factor_table import write_success

#: What Spark checks before it reads anything else.
CLASS = "org.apache.spark.ml.recommendation.ALSModel"

#: The version whose form is written; later ones read it. Spark looks at the first two numbers.
SPARK_VERSION = "3.4.0"

#: The parameters of an ALSModel and their defaults, as Spark saves them.
_DEFAULTS: dict[str, Any] = {
    "userCol": "user",
    "itemCol": "item",
    "predictionCol": "prediction",
    "coldStartStrategy": "nan",
    "blockSize": 4096,
}


@dataclasses.dataclass
class SparkMetadata:
    """What an ``ALSModel`` says of itself."""

    #: The length of a row of factors.
    rank: int
    #: Its name among Spark's stages.
    uid: str
    #: The version of Spark that wrote it.
    spark_version: str

    def write(self, directory: str) -> None:
        """Writes the files of ``metadata/``, durably, into a new directory.

        Raises:
            OSError: they cannot be written.
        """
        content = {
            "class": CLASS,
            "timestamp": int(time.time() * 1000),
            "sparkVersion": self.spark_version,
            "uid": self.uid,
            "paramMap": {},
            "defaultParamMap": _DEFAULTS,
            "rank": self.rank,
        }
        os.mkdir(directory)
        # Spark reads its text files line by line, and takes the first line.
        with open(os.path.join(directory, "part-00000"), "x", encoding="utf-8") as file:
            file.write(json.dumps(content, separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        write_success(directory)

    @staticmethod
    def read(directory: str) -> SparkMetadata:
        """Reads and checks it.

        Raises:
            DataError: it is damaged, or that of something else than an ``ALSModel``.
            FileNotFoundError: it is not there.
            OSError: it cannot be read.
        """
        text = ""
        for name in sorted(os.listdir(directory)):
            if not name.startswith((".", "_")):
                try:
                    with open(os.path.join(directory, name), encoding="utf-8") as file:
                        text += file.read()
                except UnicodeDecodeError as error:
                    raise DataError(f"{directory} is damaged: {name} is not UTF-8") from error
        try:
            content = json.loads(text.split("\n")[0])
            kind, rank = content["class"], content["rank"]
            uid, version = str(content["uid"]), str(content["sparkVersion"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(f"{directory} is not the metadata of a model of Spark: {error!r}") from error
        if kind != CLASS:
            raise DataError(
                f"{directory} is that of a {kind}: only an ALSModel can be read, not its estimator or a pipeline"
            )
        if not isinstance(rank, int) or rank < 1:
            raise DataError(f"{directory} is damaged: its rank is {rank!r}")
        return SparkMetadata(rank, uid, version)
