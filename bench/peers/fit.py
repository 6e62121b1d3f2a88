#!/usr/bin/env python3
"""Fits one peer in a process of its own, and tells on standard output, a JSON object a line, how it goes:

  {"event": "iteration", "iteration": 3, "seconds": 0.18, "error": 0.93}   a peer that can be watched; implicit: "objective" too
  {"event": "fit", "iterations": 3, "seconds": 0.61, "error": 0.93}        a peer that cannot: a whole fit of so many iterations
  {"event": "done", "load_seconds": 1.2, "peak_mb": 310, "version": "0.7.3"}

  fit.py --peer irspack-chol --data bench/data/small --mode implicit --rank 64 --iterations 5 --regularization 10

What makes the peers comparable: explicit fits have no biases and no centring, and weigh the regularization by the number of
ratings (ALS-WR), so that numpy, cmfrec, Spark and gpuals share one objective. Implicit fits take 1 for every stored pair, the
confidence 1 + alpha, and a plain lambda: numpy, implicit, irspack, cmfrec, buffalo and gpuals share one objective, while Spark
weighs lambda by the count. OpenBLAS is held to one thread: the peers thread over rows. Errors (root mean squared; implicit:
against the preference 1) are over the test pairs whose user and item have training ratings, and outside of all times. In
implicit fits the held-out error is lowest after an iteration or two, depending on the start, and says little of how far a
solver is: there the objective that all share is told as well.
"""
import argparse
import json
import os
import resource
import time

THREADS = int(os.environ.get("BENCH_THREADS", os.cpu_count() or 1))
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))

import numpy as np  # noqa: E402  (after the variables that it reads)


def tell(event, **fields):
    print(json.dumps(dict(event=event, **fields)), flush=True)


def load(base, part):
    import scipy.sparse as sp
    matrix = sp.load_npz(f"{base}.{part}.npz").tocsr()
    matrix.data = matrix.data.astype(np.float32)
    return matrix


def binary(matrix, value=1.0):
    """The same pairs, all with one value."""
    matrix = matrix.copy()
    matrix.data = np.full(len(matrix.data), value, np.float32)
    return matrix


class Error:
    """What is told of factors: the root mean squared error over the test pairs that both sides know, and in implicit fits the
    objective, the sum of c (p - x'y)^2 over all pairs + lambda (|X|^2 + |Y|^2). Nothing where only time is measured."""

    def __init__(self, arguments, train):
        self.pairs = None
        if arguments.no_error:
            return
        self.regularization, self.alpha = arguments.regularization, arguments.alpha
        coordinates = train.tocoo()
        self.trained = (coordinates.row, coordinates.col) if arguments.mode == "implicit" else None
        test = load(arguments.data, "test").tocoo()
        known = (np.diff(train.indptr) > 0)[test.row]
        known &= (np.bincount(train.indices, minlength=train.shape[1]) > 0)[test.col]
        ratings = np.ones(len(test.data), np.float32) if arguments.mode == "implicit" else test.data
        self.pairs = test.row[known], test.col[known], ratings[known]

    def __call__(self, users, items):
        if self.pairs is None:
            return {}
        found = dict(error=(self.squares(users, items, *self.pairs) / max(1, len(self.pairs[0]))) ** 0.5)
        if self.trained is not None:
            found["objective"] = self.objective(users, items)
        return found

    def objective(self, users, items):
        """Over all pairs s^2 adds up to the product of both Gramians; each rated pair replaces its s^2 by c (1 - s)^2."""
        def gramian(factors):
            return sum(part.astype(np.float64).T @ part.astype(np.float64) for part in np.array_split(factors, 16))
        gramians = gramian(users), gramian(items)
        rows, columns = self.trained
        zeros, ones = np.zeros(len(rows), np.float32), np.ones(len(rows), np.float32)
        everywhere = float((gramians[0] * gramians[1]).sum())
        rated = ((1 + self.alpha) * self.squares(users, items, rows, columns, ones)
                 - self.squares(users, items, rows, columns, zeros))
        return everywhere + rated + self.regularization * float(np.trace(gramians[0]) + np.trace(gramians[1]))

    @staticmethod
    def squares(users, items, rows, columns, ratings):
        total = 0.0
        for start in range(0, len(rows), 1 << 17):
            part = slice(start, start + (1 << 17))
            predicted = np.einsum("ij,ij->i", users[rows[part]], items[columns[part]])
            total += float(((predicted - ratings[part]).astype(np.float64) ** 2).sum())
        return total


def tell_iteration(error, iteration, seconds, users, items):
    tell("iteration", iteration=iteration, seconds=seconds, **error(users, items))


def whole_fits(arguments, few=False):
    """Numbers of iterations of the fits of a peer that cannot be watched. Two give the time of an iteration; more show when
    an error is reached."""
    wanted = [1, 4] if arguments.no_error else [1, arguments.iterations] if few else [1, 2, 3, 5, 8, 12, 20]
    return sorted({min(count, arguments.iterations) for count in wanted})


# ---------------------------------------------------------------- the peers: each returns its version
def fit_numpy(a, train, error):
    import als_ref
    ratings = binary(train) if a.mode == "implicit" else train
    als_ref.fit(ratings, a.rank, a.iterations, a.regularization, alpha=a.alpha if a.mode == "implicit" else None,
                scaled=a.mode == "explicit", seed=a.seed, threads=THREADS, dual=a.peer == "numpy-dual",
                callback=lambda k, seconds, X, Y: tell_iteration(error, k + 1, seconds, X, Y))
    return np.__version__


def fit_implicit(a, train, error):
    import implicit
    from implicit.cpu.als import AlternatingLeastSquares
    model = AlternatingLeastSquares(factors=a.rank, regularization=a.regularization, use_cg=a.peer.endswith("cg"),
                                    iterations=a.iterations, num_threads=THREADS, random_state=a.seed)
    # It takes the confidence itself as data.
    model.fit(binary(train, 1 + a.alpha), show_progress=False, callback=lambda k, seconds, _: tell_iteration(
        error, k + 1, seconds, model.user_factors, model.item_factors))
    return implicit.__version__


def fit_irspack(a, train, error):
    from importlib.metadata import version
    from irspack import IALSRecommender
    model = IALSRecommender(binary(train, a.alpha), n_components=a.rank, alpha0=1.0, reg=a.regularization, nu=0.0,
                            solver_type={"chol": "CHOLESKY", "cg": "CG"}[a.peer.split("-")[1]], loss_type="ORIGINAL",
                            random_seed=a.seed, n_threads=THREADS, train_epochs=a.iterations)
    model.start_learning()
    for iteration in range(a.iterations):
        start = time.perf_counter()
        model.run_epoch()
        seconds = time.perf_counter() - start
        tell_iteration(error, iteration + 1, seconds, model.get_user_embedding(), model.get_item_embedding())
    return version("irspack")


def fit_buffalo(a, train, error):
    import tempfile
    from importlib.metadata import version
    from buffalo import ALS, ALSOption, MatrixMarketOptions
    with tempfile.TemporaryDirectory() as scratch:
        data = MatrixMarketOptions().get_default_option()
        data.input.main = binary(train)
        data.data.path = os.path.join(scratch, "ratings.h5py")
        data.data.tmp_dir = scratch
        options = ALSOption().get_default_option()
        options.update(dict(d=a.rank, num_iters=a.iterations, num_workers=THREADS, reg_u=a.regularization,
                            reg_i=a.regularization, alpha=a.alpha, compute_loss_on_training=False, random_seed=a.seed,
                            optimizer={"chol": "llt", "cg": "manual_cg"}[a.peer.split("-")[1]]))
        model = ALS(options, data_opt=data)
        model.initialize()
        times, half_step = [], model._iterate

        def timed(*positional, **named):
            start = time.perf_counter()
            result = half_step(*positional, **named)
            times.append(time.perf_counter() - start)
            if len(times) % 2 == 0:
                tell_iteration(error, len(times) // 2, times[-2] + times[-1], model.P, model.Q)
            return result
        model._iterate = timed
        model.train()
    return version("buffalo")


def fit_cmfrec(a, train, error):
    from importlib.metadata import version
    import cmfrec
    common = dict(k=a.rank, lambda_=a.regularization, use_cg=a.peer.endswith("cg"), nthreads=THREADS,
                  precompute_for_predictions=False, random_state=a.seed, verbose=False)
    ratings = (binary(train) if a.mode == "implicit" else train).tocoo()
    for count in whole_fits(a):
        if a.mode == "implicit":
            model = cmfrec.CMF_implicit(alpha=a.alpha, niter=count, **common)
        else:
            model = cmfrec.CMF(method="als", user_bias=False, item_bias=False, center=False, scale_lam=True, niter=count,
                               finalize_chol=False, **common)
        start = time.perf_counter()
        model.fit(ratings)
        seconds = time.perf_counter() - start
        tell("fit", iterations=count, seconds=seconds, **error(np.asarray(model.A_), np.asarray(model.B_)))
    return version("cmfrec")


def fit_spark(a, train, error):
    import spark
    return spark.fit(a, whole_fits(a, few=True), train.shape, error, tell, THREADS)


PEERS = {"numpy": fit_numpy, "implicit": fit_implicit, "irspack": fit_irspack, "buffalo": fit_buffalo,
         "cmfrec": fit_cmfrec, "spark": fit_spark}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="numpy, numpy-dual, implicit-chol, implicit-cg, irspack-chol, …")
    parser.add_argument("--data", required=True, help="base name of the files that make_data.py wrote with --test-frac")
    parser.add_argument("--mode", choices=["explicit", "implicit"], default="explicit")
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--regularization", type=float, default=0.05)
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-error", action="store_true", help="measure time only")
    arguments = parser.parse_args()
    start = time.perf_counter()
    train = load(arguments.data, "train")
    loaded = time.perf_counter() - start
    version = PEERS[arguments.peer.split("-")[0]](arguments, train, Error(arguments, train))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell("done", load_seconds=loaded, peak_mb=peak, version=version)


if __name__ == "__main__":
    main()
