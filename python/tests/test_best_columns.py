"""Lists made on the host are those of the library, ties and all."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

import gpuals
from gpuals import _best_columns
from gpuals.factor_model import FactorModel

GENERATOR = np.random.default_rng(3)
# Small whole numbers: scores without rounding, and many ties.
ROWS = GENERATOR.integers(-1, 2, (15, 3)).astype(np.float32)
COLUMNS = GENERATOR.integers(-1, 2, (200, 3)).astype(np.float32)
EXCLUDED = scipy.sparse.csr_matrix(GENERATOR.random((15, 200)) < 0.4)


@pytest.mark.parametrize("excluded", [None, EXCLUDED], ids=["all", "some excluded"])
@pytest.mark.parametrize("n", [1, 7, 40, 250])
def test_the_host_and_the_library_choose_the_same_columns(device, n, excluded):
    def no_device():
        raise AssertionError("so few rows need no device")

    ours = _best_columns.best_columns(no_device, ROWS, COLUMNS, n, excluded)
    theirs = gpuals.top_n(device, ROWS, COLUMNS, n, excluded)
    for mine, others in zip(ours, theirs):
        assert np.array_equal(mine, others)


def test_a_model_answers_the_same_by_the_host_and_by_a_device(device, monkeypatch):
    model = FactorModel(device)
    model.user_factors, model.item_factors = ROWS, COLUMNS
    users = np.arange(15)

    def answers():
        return [
            *model.recommend(users, EXCLUDED, N=9),
            *model.recommend(users, EXCLUDED, N=9, filter_items=np.arange(50)),
            *model.recommend(users, EXCLUDED, N=60, items=np.arange(0, 200, 4)),
            *model.recommend(3, EXCLUDED[3], N=190),
            model.similar_items(users, N=5)[1].round(4),
        ]

    by_host = answers()
    monkeypatch.setattr(_best_columns, "_MOST_ON_HOST", 0)
    calls = []
    monkeypatch.setattr(_best_columns, "top_n", lambda *arguments: calls.append(1) or gpuals.top_n(*arguments))
    for mine, others in zip(answers(), by_host):
        assert np.array_equal(mine, others)
    assert len(calls) == 5
