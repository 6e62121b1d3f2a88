#!/usr/bin/env python3
"""Reads user TAB item TAB rating with pandas and makes a SciPy CSR matrix of it in both orientations.

  ingest.py --engine c|pyarrow FILE

Prints one JSON object: rows, megabytes, seconds of each step, the peak resident size.
"""
import argparse
import json
import os
import resource
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["c", "pyarrow"], default="pyarrow")
    parser.add_argument("file")
    a = parser.parse_args()
    import pandas
    import scipy.sparse as sp
    clock = time.perf_counter
    start = clock()
    frame = pandas.read_csv(a.file, sep="\t", header=None, names=["user", "item", "rating"], engine=a.engine,
                            dtype={"user": "int32", "item": "int32", "rating": "float32"})
    read = clock()
    users, user_ids = pandas.factorize(frame["user"].to_numpy())
    items, item_ids = pandas.factorize(frame["item"].to_numpy())
    numbered = clock()
    by_user = sp.csr_matrix((frame["rating"].to_numpy(), (users.astype("int32"), items.astype("int32"))),
                            shape=(len(user_ids), len(item_ids)))
    by_user.T.tocsr()
    end = clock()
    print(json.dumps(dict(
        rows=len(frame), megabytes=os.path.getsize(a.file) / 1e6, read_seconds=read - start,
        number_seconds=numbered - read, matrix_seconds=end - numbered, seconds=end - start,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


if __name__ == "__main__":
    main()
