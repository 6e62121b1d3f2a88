"""The calls of the library on arrays."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
import scipy.sparse

import gpuals
from matrices import random_ratings

RATINGS = random_ratings(40, 30)


def solved_by_numpy(row, fixed, regularization, implicit_alpha=None):
    """One row by its normal equations in 64 bits; the regularization scaled by the number of ratings."""
    y, r = fixed[row.indices].astype(float), row.data.astype(float)
    if implicit_alpha is None:
        a, b, n = y.T @ y, y.T @ r, len(r)
    else:
        every, positive = fixed.astype(float), r > 0
        a = every.T @ every + (y.T * (implicit_alpha * np.abs(r))) @ y
        b, n = y.T @ np.where(positive, 1 + implicit_alpha * r, 0), positive.sum()
    return np.linalg.solve(a + regularization * n * np.eye(fixed.shape[1]), b)


@pytest.mark.parametrize("rank", [1, 7, 33])
def test_rows_of_explicit_feedback_solve_their_normal_equations(device, rank):
    fixed = np.random.default_rng(0).standard_normal((30, rank)).astype(np.float32)
    solved = gpuals.solve_rows(device, gpuals.Parameters(rank=rank), RATINGS, fixed)
    wanted = [solved_by_numpy(RATINGS[row], fixed, 0.1) if RATINGS[row].nnz else np.zeros(rank) for row in range(40)]
    np.testing.assert_allclose(solved, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("rank", [1, 7, 33])
def test_rows_of_implicit_feedback_solve_their_normal_equations(device, rank):
    ratings = RATINGS.copy()
    ratings.data[::5] *= -1
    fixed = np.random.default_rng(0).standard_normal((30, rank)).astype(np.float32)
    parameters = gpuals.Parameters(rank=rank, implicit=True, alpha=3)
    solved = gpuals.solve_rows(device, parameters, ratings, fixed)
    wanted = [solved_by_numpy(ratings[row], fixed, 0.1, 3) if ratings[row].nnz else np.zeros(rank) for row in range(40)]
    np.testing.assert_allclose(solved, wanted, rtol=1e-4, atol=1e-4)


def test_a_gramian_stands_for_the_rows_that_are_not_given(device):
    fixed = np.random.default_rng(0).standard_normal((30, 8)).astype(np.float32)
    parameters = gpuals.Parameters(rank=8, implicit=True)
    some = RATINGS[:3]
    named = np.unique(some.indices)
    assert len(named) < 30
    whole = gpuals.solve_rows(device, parameters, some, fixed)
    part = gpuals.solve_rows(device, parameters, some[:, named], fixed[named], gramian=fixed.T @ fixed)
    np.testing.assert_allclose(part, whole, rtol=1e-4, atol=1e-5)
    without = gpuals.solve_rows(device, parameters, some[:, named], fixed[named])
    assert np.abs(without - whole).max() > 1e-3


def test_training_alternates_the_half_steps_of_solve_rows(device):
    parameters = gpuals.Parameters(rank=5, iterations=2)
    users = np.random.default_rng(0).standard_normal((40, 5)).astype(np.float32)
    result = gpuals.fit(device, parameters, RATINGS, user_factors=users)
    for _ in range(2):
        items = gpuals.solve_rows(device, parameters, RATINGS.T.tocsr(), users)
        users = gpuals.solve_rows(device, parameters, RATINGS, items)
    np.testing.assert_allclose(result.user_factors, users, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(result.item_factors, items, rtol=1e-4, atol=1e-4)


def test_a_start_is_not_written_to(device):
    users = np.ones((40, 5), dtype=np.float32)
    gpuals.fit(device, gpuals.Parameters(rank=5, iterations=1), RATINGS, user_factors=users)
    assert (users == 1).all()


def test_a_start_without_the_side_that_is_read_first_is_refused():
    with pytest.raises(gpuals.ParameterError, match="items are solved first, so that a start needs user_factors"):
        gpuals.fit(gpuals.Device("reference"), gpuals.Parameters(rank=5), RATINGS, item_factors=np.ones((30, 5)))


def test_the_same_seed_gives_the_same_factors_and_another_one_others(device):
    def train(seed):
        return gpuals.fit(device, gpuals.Parameters(rank=4, iterations=1, seed=seed), RATINGS).user_factors

    assert np.array_equal(train(7), train(7))
    assert not np.array_equal(train(7), train(8))


def test_progress_tells_iterations_errors_and_seconds_and_can_stop(device):
    calls = []

    def progress(iteration, measure, seconds):
        calls.append((iteration, measure))
        assert seconds >= 0
        return iteration == 3

    parameters = gpuals.Parameters(rank=4, iterations=9)
    result = gpuals.fit(device, parameters, RATINGS, progress=progress)
    assert [iteration for iteration, _ in calls] == [1, 2, 3]
    assert result.is_stopped
    rows = np.repeat(np.arange(40), np.diff(RATINGS.indptr))
    predicted = np.sum(result.user_factors[rows] * result.item_factors[RATINGS.indices], axis=1)
    assert calls[-1][1] == pytest.approx(np.sqrt(np.mean((RATINGS.data - predicted) ** 2)), rel=1e-4)
    three = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=3), RATINGS)
    assert not three.is_stopped
    assert np.array_equal(three.user_factors, result.user_factors)


def test_progress_without_measures_is_told_none(device):
    told = []
    gpuals.fit(
        device,
        gpuals.Parameters(rank=4, iterations=2),
        RATINGS,
        progress=lambda iteration, measure, _: told.append((iteration, measure)),
        measures=False,
    )
    assert [iteration for iteration, _ in told] == [1, 2]
    assert np.isnan([measure for _, measure in told]).all()


def test_control_c_ends_a_training_that_nobody_watches(plain_control_c, device):
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            gpuals.fit(device, gpuals.Parameters(rank=4, iterations=2**31 - 1), RATINGS)
    finally:
        interrupt.cancel()
        interrupt.join()


def test_a_program_that_handles_control_c_itself_decides(device):
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        progress = lambda iteration, *_: os.kill(os.getpid(), signal.SIGINT) if iteration == 1 else None  # noqa: E731
        result = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=3), RATINGS, progress=progress)
        assert heard
        assert not result.is_stopped
        assert signal.getsignal(signal.SIGINT)(2, None) is None
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_a_progress_function_raises_comes_out(device):
    def progress(*_):
        raise KeyboardInterrupt("enough")

    with pytest.raises(KeyboardInterrupt, match="enough"):
        gpuals.fit(device, gpuals.Parameters(rank=4), RATINGS, progress=progress)
    # The device is free again.
    gpuals.fit(device, gpuals.Parameters(rank=4, iterations=1), RATINGS)


@pytest.mark.parametrize("n", [1, 3, 12])
def test_the_best_columns_are_those_of_sorting_all_scores(device, n):
    generator = np.random.default_rng(0)
    # Small whole numbers, so that there are ties, and scores without rounding.
    rows = generator.integers(-2, 3, (6, 4)).astype(np.float32)
    columns = generator.integers(-2, 3, (10, 4)).astype(np.float32)
    excluded = scipy.sparse.csr_matrix(generator.random((6, 10)) < 0.3)
    ids, scores = gpuals.top_n(device, rows, columns, n, excluded)
    for row in range(6):
        allowed = np.flatnonzero(excluded[row].toarray().ravel() == 0)
        values = columns[allowed] @ rows[row]
        order = np.argsort(-values, kind="stable")[:n]
        count = len(order)
        assert ids[row].tolist() == allowed[order].tolist() + [-1] * (n - count)
        assert scores[row].tolist() == values[order].tolist() + [-np.inf] * (n - count)


def test_unsorted_columns_64_bit_indices_and_other_types_are_taken(device):
    parameters = gpuals.Parameters(rank=4, iterations=1)
    wanted = gpuals.fit(device, parameters, RATINGS).user_factors
    wide = RATINGS.astype(np.float64)
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    assert np.array_equal(gpuals.fit(device, parameters, wide).user_factors, wanted)
    reversed_rows = [RATINGS.indptr[row + 1] - 1 - np.arange(RATINGS[row].nnz) for row in range(40)]
    order = np.concatenate(reversed_rows).astype(int)
    shuffled = scipy.sparse.csr_matrix((RATINGS.data[order], RATINGS.indices[order], RATINGS.indptr), shape=(40, 30))
    assert np.array_equal(gpuals.fit(device, parameters, shuffled).user_factors, wanted)
    if hasattr(scipy.sparse, "csr_array"):
        assert np.array_equal(gpuals.fit(device, parameters, scipy.sparse.csr_array(RATINGS)).user_factors, wanted)


def test_result_goes_into_the_array_that_is_given_without_a_copy(device):
    out = np.full((40, 4), np.nan, dtype=np.float32)
    fixed = np.random.default_rng(0).standard_normal((30, 4)).astype(np.float32)
    assert gpuals.solve_rows(device, gpuals.Parameters(rank=4), RATINGS, fixed, out=out) is out
    assert np.isfinite(out).all()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda d: gpuals.fit(d, gpuals.Parameters(rank=0), RATINGS), gpuals.ParameterError, "rank is 0"),
        (lambda d: gpuals.fit(d, gpuals.Parameters(regularization=-1), RATINGS), gpuals.ParameterError, "-1"),
        (lambda d: gpuals.fit(d, gpuals.Parameters(), RATINGS.tocoo()), gpuals.DataError, "call .tocsr"),
        (lambda d: gpuals.fit(d, gpuals.Parameters(), RATINGS.toarray()), gpuals.DataError, "ndarray"),
        (lambda d: gpuals.fit(d, gpuals.Parameters(), RATINGS * np.nan), gpuals.DataError, "not finite"),
        (lambda d: gpuals.fit(d, gpuals.Parameters(), RATINGS[:0]), gpuals.DataError, "no ratings"),
        (
            lambda d: gpuals.fit(d, gpuals.Parameters(rank=3), RATINGS, np.ones((40, 4))),
            gpuals.ParameterError,
            r"\(40, 3\)",
        ),
        (
            lambda d: gpuals.solve_rows(d, gpuals.Parameters(rank=3), RATINGS, np.ones((29, 3))),
            gpuals.ParameterError,
            "fixed",
        ),
        (lambda d: gpuals.top_n(d, np.ones((2, 3)), np.ones((2, 4)), 1), gpuals.ParameterError, "same rank"),
        (lambda d: gpuals.top_n(d, np.ones((2, 3)), np.ones((2, 3)), 0), gpuals.ParameterError, "n is 0"),
        (lambda d: gpuals.top_n(d, np.ones((2, 3)), np.ones((2, 3)), 1, RATINGS), gpuals.ParameterError, "excluded"),
    ],
)
def test_bad_input_is_refused_with_what_is_wrong(call, kind, message):
    with pytest.raises(kind, match=message):
        call(gpuals.Device("reference"))


def test_offsets_beyond_the_arrays_are_refused_before_the_library_sees_them():
    broken = RATINGS.copy()
    broken.indptr = broken.indptr.copy()
    broken.indptr[-1] += 1000
    with pytest.raises(gpuals.DataError, match="no CSR matrix"):
        gpuals.fit(gpuals.Device("reference"), gpuals.Parameters(rank=2), broken)


@pytest.mark.parametrize(
    "values", [{"rank": 2**31}, {"iterations": 2**40}, {"seed": -1}, {"seed": 2**64}, {"cg_steps": 1.5}]
)
def test_numbers_that_the_c_interface_would_cut_short_are_refused(values):
    with pytest.raises(gpuals.ParameterError, match=f"{next(iter(values))} is"):
        gpuals.Parameters(**values)


def test_equations_without_a_single_solution_are_an_error_that_names_the_remedy(device):
    with pytest.raises(gpuals.ParameterError, match="regularization"):
        gpuals.solve_rows(device, gpuals.Parameters(rank=4, regularization=0), RATINGS, np.ones((30, 4)))


def test_half_precision_conjugate_gradients_and_nonnegative_factors_are_computed(device):
    exact = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=2), RATINGS).user_factors
    half = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=2, half_precision=True), RATINGS).user_factors
    assert 0 < np.abs(half - exact).max() < 0.1
    steps = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=2, cg_steps=50), RATINGS).user_factors
    np.testing.assert_allclose(steps, exact, rtol=1e-2, atol=1e-2)
    nonnegative = gpuals.fit(device, gpuals.Parameters(rank=4, iterations=2, nonnegative=True), RATINGS)
    assert exact.min() < 0
    assert nonnegative.user_factors.min() >= 0
    assert nonnegative.item_factors.min() >= 0


def test_the_start_of_spark_depends_on_the_ids_of_a_block_alone():
    ids = np.array([7, -3, 12, 100, 5, 2**31 - 1, 8])
    factors = gpuals.spark_start(42, 6, 3, ids)
    assert factors.shape == (7, 6)
    np.testing.assert_allclose(np.linalg.norm(factors, axis=1), 1, rtol=1e-6)
    # The rows follow their ids, wherever they stand, and a block may be asked for alone.
    assert np.array_equal(gpuals.spark_start(42, 6, 3, ids[::-1]), factors[::-1])
    block = ids % 3 == 1
    assert 1 < block.sum() < 7
    assert np.array_equal(gpuals.spark_start(42, 6, 3, ids[block]), factors[block])
    assert not np.array_equal(gpuals.spark_start(43, 6, 3, ids), factors)
    assert not np.array_equal(gpuals.spark_start(42, 6, 4, ids), factors)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((42, 4, 2, [2**31]), gpuals.DataError, "fit into 32 bits"),
        ((42, 4, 2, [1.5]), gpuals.DataError, "whole numbers"),
        ((42, 4, 2, [1, 2, 1]), gpuals.DataError, "1"),
        ((2**63, 4, 2, [1]), gpuals.ParameterError, "seed"),
        ((42, 0, 2, [1]), gpuals.ParameterError, "rank"),
        ((42, 4, 0, [1]), gpuals.ParameterError, "blocks"),
    ],
)
def test_what_spark_could_not_begin_with_is_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        gpuals.spark_start(*arguments)
