"""Checkpoints of factors, in the directory that the user has given to Spark."""

from __future__ import annotations

import logging

from pyspark import RDD

from gpuals.spark.records import Record

_log = logging.getLogger(__name__)


class Checkpoint:
    """The newest checkpoint of a training run. The one before is deleted once it is there."""

    def __init__(self) -> None:
        self._file: str | None = None

    def mark(self, factors: RDD[Record]) -> None:
        """Has the factors written when they are computed."""
        factors.checkpoint()

    def is_written(self, factors: RDD[Record]) -> None:
        """Deletes the checkpoint before that of these factors."""
        previous, self._file = self._file, factors.getCheckpointFile()
        if previous is None or previous == self._file:
            return
        context = factors.context
        try:
            assert context._jvm is not None
            path = context._jvm.org.apache.hadoop.fs.Path(previous)
            path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)
        except Exception as error:
            # Training is none the worse for a file too many.
            _log.warning("cannot delete the checkpoint %s: %s", previous, error)
