#!/usr/bin/env python3
"""Top-N for all users of a model that gpuals saved, exactly, with what a user has rated left out.

  topn.py --what implicit|numpy --model DIR [-n 10] [--limit 60]

Prints one JSON object: users answered, seconds, users a second. It stops after --limit seconds, having answered fewer.
"""
import argparse
import json
import os
import time

THREADS = int(os.environ.get("BENCH_THREADS", os.cpu_count() or 1))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402  (after the variable that it reads)


def by_implicit(X, Y, seen, n):
    import scipy.sparse as sp
    from implicit.cpu.als import AlternatingLeastSquares
    model = AlternatingLeastSquares(factors=X.shape[1], num_threads=THREADS)
    model.user_factors, model.item_factors = X, Y
    rated = sp.csr_matrix((np.ones(len(seen[1]), np.float32), seen[1], seen[0]), shape=(len(X), len(Y)))
    return lambda users: model.recommend(users, rated[users], N=n, filter_already_liked_items=True)


def by_numpy(X, Y, seen, n):
    from concurrent.futures import ThreadPoolExecutor
    offsets, columns = seen
    pool = ThreadPoolExecutor(THREADS)

    def part(users):
        scores = X[users] @ Y.T
        for row, user in enumerate(users):
            scores[row, columns[offsets[user]:offsets[user + 1]]] = -np.inf
        top = np.argpartition(scores, -n, axis=1)[:, -n:]
        return np.take_along_axis(top, np.argsort(-np.take_along_axis(scores, top, 1), 1), 1)
    return lambda users: list(pool.map(part, np.array_split(users, max(1, len(users) // 256))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=["implicit", "numpy"], required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("-n", type=int, default=10)
    parser.add_argument("--limit", type=float, default=60)
    a = parser.parse_args()
    X, Y = np.load(f"{a.model}/user_factors.npy"), np.load(f"{a.model}/item_factors.npy")
    with np.load(f"{a.model}/ratings.npz") as archive:
        seen = archive["indptr"].astype(np.int64), archive["indices"].astype(np.int32)
    recommend = {"implicit": by_implicit, "numpy": by_numpy}[a.what](X, Y, seen, a.n)
    recommend(np.arange(min(10, len(X))))
    done, start = 0, time.perf_counter()
    while done < len(X) and time.perf_counter() - start < a.limit:
        users = np.arange(done, min(done + 4096, len(X)))
        recommend(users)
        done += len(users)
    seconds = time.perf_counter() - start
    print(json.dumps(dict(users=done, seconds=seconds, users_per_second=done / seconds)))


if __name__ == "__main__":
    main()
