"""What Spark moved, by what it was moved for: read from an event log."""

from __future__ import annotations

import collections
import json
from pathlib import Path

#: Settings that write a log which :func:`moved` reads.
SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
    # Pieces of broadcasts are seen nowhere else.
    "spark.eventLog.logBlockUpdates.enabled": "true",
}


def moved(log: Path) -> dict[str, dict[str, int]]:
    """Bytes by job description.

    Args:
        log: the one file of an event log.

    Returns:
        For each description of jobs: ``shuffle_written``, ``shuffle_read_remote``, ``shuffle_read_local``, ``results`` (to the driver),
        ``broadcast_received`` (pieces on executors), and ``tasks``.
    """
    stages: dict[int, str] = {}
    totals: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    current = ""
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            kind = event["Event"]
            if kind == "SparkListenerJobStart":
                current = event["Properties"].get("spark.job.description", "")
                for stage in event["Stage IDs"]:
                    stages.setdefault(stage, current)
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                counts, metrics = totals[stages[event["Stage ID"]]], event["Task Metrics"]
                counts["tasks"] += 1
                counts["shuffle_written"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                counts["shuffle_read_remote"] += metrics["Shuffle Read Metrics"]["Remote Bytes Read"]
                counts["shuffle_read_local"] += metrics["Shuffle Read Metrics"]["Local Bytes Read"]
                counts["results"] += metrics["Result Size"]
            elif kind == "SparkListenerBlockUpdated":
                block = event["Block Updated Info"]
                is_piece = block["Block ID"].startswith("broadcast_") and "_piece" in block["Block ID"]
                # Where a block is removed, its size comes once more, without a copy.
                is_stored = block["Storage Level"]["Replication"] > 0
                if is_piece and is_stored and block["Block Manager ID"]["Executor ID"] != "driver":
                    totals[current]["broadcast_received"] += block["Memory Size"] + block["Disk Size"]
    return {description: dict(counts) for description, counts in totals.items()}
