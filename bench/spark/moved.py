#!/usr/bin/env python3
"""Compares the bytes that Spark reports with the model of docs/scaling.md: trains one iteration of a sample by broadcast and by shuffle, on
1 and 2 executors. Prints a table in Markdown. No timing, so a busy machine does not matter.

    bench/spark/moved.py --ratings ratings.tsv --rank 32 --blocks 4
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

_EXECUTORS = Path(__file__).with_name("executors.py")
_SIZES = re.compile(r"(user|item) blocks: (\d+) rows, (\d+) ratings, (\d+) columns")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratings", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--blocks", type=int, default=4)
    options = parser.parse_args()
    print("| executors | way | half-step | model, MB | Spark reports, MB | ratio |")
    print("|---|---|---|---|---|---|")
    for executors in (1, 2):
        for way in ("broadcast", "shuffle"):
            command = [sys.executable, _EXECUTORS, "--ratings", options.ratings, "--rank", str(options.rank)]
            command += ["--blocks", str(options.blocks), "--iterations", "1", "--executors", str(executors)]
            command += ["--no-comparison"] + (["--shuffle"] if way == "shuffle" else [])
            result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            sizes = {found[1]: found for line in result["steps"] if (found := _SIZES.match(line))}
            for target, fixed in (("item", "user"), ("user", "item")):
                moved = result["moved"][f"gpuals ALS: iteration 1, {target}s"]
                if way == "broadcast":
                    # Fixed factors and ids to every executor.
                    model, reported = (
                        executors * int(sizes[fixed][2]) * (4 * options.rank + 4),
                        moved["broadcast_received"],
                    )
                else:
                    # To each block the factors of its columns.
                    model, reported = int(sizes[target][4]) * 4 * options.rank, moved["shuffle_written"]
                print(
                    f"| {executors} | {way} | {target}s | {model / 1e6:.2f} | {reported / 1e6:.2f} | {reported / model:.2f} |",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
