"""Ratings, and what they are predicted to be."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose

import gpuals
from gpuals import AlternatingLeastSquares


@pytest.fixture(scope="module")
def ratings():
    """Ratings of two hidden factors, and a tenth of them held back."""
    generator = np.random.default_rng(4)
    scores = generator.standard_normal((120, 2)) @ generator.standard_normal((2, 80))
    known = generator.random((120, 80))
    return scipy.sparse.csr_matrix(np.where(known < 0.3, scores, 0)), scipy.sparse.csr_matrix(
        np.where(known > 0.95, scores, 0)
    )


@pytest.fixture(scope="module")
def model(device, ratings):
    model = AlternatingLeastSquares(
        2, feedback="explicit", regularization=0.001, iterations=30, random_state=1, device=device
    )
    return model.fit(ratings[0], show_progress=False)


def test_hidden_factors_are_found_again(model, ratings):
    training, held_back = ratings
    assert np.sqrt(np.mean(held_back.data**2)) > 1
    assert model.rmse(training) < 0.05
    assert model.rmse(held_back) < 0.1


def test_training_is_that_of_the_library_with_its_own_start(device, model, ratings):
    parameters = gpuals.Parameters(rank=2, iterations=30, regularization=0.001, seed=1)
    wanted = gpuals.fit(device, parameters, ratings[0].astype(np.float32))
    assert np.array_equal(model.user_factors, wanted.user_factors)


def test_defaults_are_those_of_als_wr():
    model = AlternatingLeastSquares(feedback="explicit")
    assert (model.regularization, model.regularization_exponent, model.use_cg) == (0.1, 1.0, False)
    assert (AlternatingLeastSquares().regularization, AlternatingLeastSquares().regularization_exponent) == (0.01, 0.0)


def test_pairs_are_predicted_by_their_dot_products(model):
    users, items = np.array([3, 3, 7]), np.array([0, 5, 5])
    wanted = [model.user_factors[u] @ model.item_factors[i] for u, i in zip(users, items)]
    assert_allclose(model.predict(users, items), wanted, rtol=1e-5)
    assert isinstance(model.predict(3, 0), float)
    assert model.predict(3, 0) == pytest.approx(wanted[0], rel=1e-5)
    assert_allclose(model.predict(3, [0, 5]), wanted[:2], rtol=1e-5)
    with pytest.raises(IndexError, match="row 120 is not one of the model's 120"):
        model.predict([0, 120], [0, 0])


def test_the_callback_is_given_the_error_on_the_training_ratings(device, ratings):
    losses = []
    model = AlternatingLeastSquares(
        2, feedback="explicit", iterations=4, calculate_training_loss=True, random_state=1, device=device
    )
    model.fit(ratings[0], show_progress=False, callback=lambda _i, _s, loss: losses.append(loss))
    assert len(losses) == 4
    assert losses[-1] == pytest.approx(model.rmse(ratings[0]), rel=1e-3)


def test_a_recalculated_user_is_as_a_trained_one_and_its_explanation_adds_up(model, ratings):
    training, _ = ratings
    again = model.recalculate_user([5, 6], training[[5, 6]])
    # Users are solved last.
    assert_allclose(again, model.user_factors[[5, 6]], rtol=1e-3, atol=1e-4)
    score, contributions, weights = model.explain(5, training, 11, N=1000)
    assert score == pytest.approx(model.predict(5, 11), rel=1e-3, abs=1e-4)
    assert sorted(item for item, _ in contributions) == training[5].indices.tolist()
    assert sum(amount for _, amount in contributions) == pytest.approx(score)
    assert model.explain(5, training, 12, weights)[0] == pytest.approx(model.predict(5, 12), rel=1e-3, abs=1e-4)


def test_initial_factors_of_users_are_where_training_begins(device, ratings):
    users = np.random.default_rng(0).standard_normal((120, 2)).astype(np.float32)
    model = AlternatingLeastSquares(2, feedback="explicit", iterations=1, device=device)
    model.user_factors = users
    model.fit(ratings[0], show_progress=False)
    wanted = gpuals.fit(device, gpuals.Parameters(rank=2, iterations=1), ratings[0].astype(np.float32), users)
    assert np.array_equal(model.user_factors, wanted.user_factors)


def test_nonnegative_factors_are_at_zero_or_above_and_are_not_explained(device, ratings):
    training = abs(ratings[0])
    model = AlternatingLeastSquares(4, feedback="explicit", nonnegative=True, iterations=3, device=device)
    model.fit(training, show_progress=False)
    assert model.user_factors.min() == 0
    assert model.item_factors.min() == 0
    with pytest.raises(gpuals.ParameterError, match="no sums"):
        model.explain(0, training, 0)


@pytest.mark.parametrize("state", [None, np.random.default_rng(1), np.random.RandomState(1)])
def test_any_random_state_of_numpy_is_taken(device, ratings, state):
    for feedback in ("explicit", "implicit"):
        model = AlternatingLeastSquares(
            2, 0.1, feedback=feedback, iterations=1, random_state=state, confidence="1+alpha*r", device=device
        )
        assert np.isfinite(model.fit(ratings[0], show_progress=False).user_factors).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"feedback": "both"}, "implicit"),
        ({"precision": "float8"}, "float16"),
        ({"dtype": np.int32}, "float64"),
        ({"confidence": "r"}, "alpha"),
    ],
)
def test_arguments_that_are_none_of_their_choices_are_refused(arguments, message):
    with pytest.raises(gpuals.ParameterError, match=message):
        AlternatingLeastSquares(**arguments)


def test_a_model_without_factors_says_so():
    model = AlternatingLeastSquares()
    for ask in (
        lambda: model.recommend(0, None, filter_already_liked_items=False),
        lambda: model.similar_items(0),
        lambda: model.YtY,
    ):
        with pytest.raises(gpuals.NotFittedError, match="call fit"):
            ask()


def test_progress_is_shown_by_tqdm_and_by_the_log_where_there_is_none(device, ratings, capsys, caplog, monkeypatch):
    import sys

    model = AlternatingLeastSquares(2, feedback="explicit", iterations=3, calculate_training_loss=True, device=device)
    if "tqdm" in sys.modules or __import__("importlib.util").util.find_spec("tqdm"):
        model.fit(ratings[0])
        assert "3/3" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with caplog.at_level("INFO", logger="gpuals"):
        model.fit(ratings[0])
    assert [record.message.split(",")[0] for record in caplog.records] == [f"iteration {k}/3" for k in (1, 2, 3)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"factors": 0}, "factors is 0"),
        ({"factors": 2.5}, "rank is 2.5"),
        ({"factors": "4"}, "rank is '4'"),
        ({"regularization": "x"}, "regularization is 'x'"),
        ({"regularization": -1.0}, "^regularization is -1.0"),
        ({"iterations": -1}, "^iterations is -1"),
        ({"use_cg": True, "cg_steps": 0.5}, "cg_steps is 0.5"),
    ],
)
def test_parameters_out_of_range_are_refused_when_training_begins(arguments, message, ratings):
    model = AlternatingLeastSquares(**{"factors": 2, "feedback": "explicit", "device": "reference", **arguments})
    with pytest.raises(gpuals.ParameterError, match=message):
        model.fit(ratings[0], show_progress=False)
    assert model.user_factors is None


@pytest.mark.parametrize("matrix", [scipy.sparse.csr_matrix((3, 5)), scipy.sparse.csr_matrix((0, 0))])
def test_an_empty_matrix_is_nothing_to_train_on(matrix):
    with pytest.raises(gpuals.DataError, match="holds no values"):
        AlternatingLeastSquares(2, device="reference").fit(matrix, show_progress=False)


def test_pairs_that_do_not_match_and_rows_that_are_not_there_are_refused(model, ratings):
    with pytest.raises(gpuals.DataError, match="2 users and 3 items"):
        model.predict([1, 2], [1, 2, 3])
    for user, item in ((-1, 0), (120, 0), (0, -1), (0, 80)):
        with pytest.raises(IndexError, match="is not one of"):
            model.explain(user, ratings[0], item)
