from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_SCRIPT = Path(__file__).parents[3] / "bench" / "spark" / "executors.py"


def test_a_cluster_that_loses_an_executor_makes_the_factors_of_one_process():
    ended = subprocess.run(
        [sys.executable, _SCRIPT, "--rank", "8", "--iterations", "2", "--blocks", "2", "--kill-in", "1"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:] + ended.stdout
    result = json.loads(ended.stdout)
    assert result["executor_processes"] == 2
    assert result["killed"]
    assert result["largest_difference"] < 1e-4 < result["largest_factor"]
