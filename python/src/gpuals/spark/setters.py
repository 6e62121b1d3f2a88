"""The setters of the estimator, those of ``pyspark.ml.recommendation.ALS`` and those of its own parameters."""

from __future__ import annotations

from typing import Any, TypeVar

Self = TypeVar("Self", bound="SettersOfALS")


class SettersOfALS:
    """A setter for each parameter. Values are checked when the estimator is fitted."""

    def _set(self: Self, **values: Any) -> Self:
        return super()._set(**values)  # type: ignore[misc, no-any-return]

    def setNumBlocks(self: Self, value: int) -> Self:
        """Sets ``numUserBlocks`` and ``numItemBlocks``."""
        return self._set(numUserBlocks=value, numItemBlocks=value)

    def setRank(self: Self, value: int) -> Self:
        """Sets ``rank``."""
        return self._set(rank=value)

    def setNumUserBlocks(self: Self, value: int) -> Self:
        """Sets ``numUserBlocks``."""
        return self._set(numUserBlocks=value)

    def setNumItemBlocks(self: Self, value: int) -> Self:
        """Sets ``numItemBlocks``."""
        return self._set(numItemBlocks=value)

    def setImplicitPrefs(self: Self, value: bool) -> Self:
        """Sets ``implicitPrefs``."""
        return self._set(implicitPrefs=value)

    def setAlpha(self: Self, value: float) -> Self:
        """Sets ``alpha``."""
        return self._set(alpha=value)

    def setUserCol(self: Self, value: str) -> Self:
        """Sets ``userCol``."""
        return self._set(userCol=value)

    def setItemCol(self: Self, value: str) -> Self:
        """Sets ``itemCol``."""
        return self._set(itemCol=value)

    def setRatingCol(self: Self, value: str) -> Self:
        """Sets ``ratingCol``."""
        return self._set(ratingCol=value)

    def setNonnegative(self: Self, value: bool) -> Self:
        """Sets ``nonnegative``."""
        return self._set(nonnegative=value)

    def setIntermediateStorageLevel(self: Self, value: str) -> Self:
        """Sets ``intermediateStorageLevel``."""
        return self._set(intermediateStorageLevel=value)

    def setFinalStorageLevel(self: Self, value: str) -> Self:
        """Sets ``finalStorageLevel``."""
        return self._set(finalStorageLevel=value)

    def setColdStartStrategy(self: Self, value: str) -> Self:
        """Sets ``coldStartStrategy``."""
        return self._set(coldStartStrategy=value)

    def setMaxIter(self: Self, value: int) -> Self:
        """Sets ``maxIter``."""
        return self._set(maxIter=value)

    def setRegParam(self: Self, value: float) -> Self:
        """Sets ``regParam``."""
        return self._set(regParam=value)

    def setPredictionCol(self: Self, value: str) -> Self:
        """Sets ``predictionCol``."""
        return self._set(predictionCol=value)

    def setCheckpointInterval(self: Self, value: int) -> Self:
        """Sets ``checkpointInterval``."""
        return self._set(checkpointInterval=value)

    def setSeed(self: Self, value: int) -> Self:
        """Sets ``seed``."""
        return self._set(seed=value)

    def setBlockSize(self: Self, value: int) -> Self:
        """Sets ``blockSize``."""
        return self._set(blockSize=value)

    def setDevice(self: Self, value: str) -> Self:
        """Sets ``device``."""
        return self._set(device=value)

    def setBroadcastLimit(self: Self, value: int) -> Self:
        """Sets ``broadcastLimit``."""
        return self._set(broadcastLimit=value)
