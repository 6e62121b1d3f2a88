"""Models that are asked and answer by ids."""

from __future__ import annotations

import numpy as np
import pytest

import gpuals
from gpuals import AlternatingLeastSquares, IDs, Ratings
from matrices import checkerboard

USERS = [f"user {row}" for row in range(20)]
ITEMS = (np.arange(20) * 10 + 2**40).tolist()


@pytest.fixture(scope="module")
def ratings():
    return Ratings.from_matrix(checkerboard(20), USERS, ITEMS)


@pytest.fixture(scope="module")
def model(device, ratings):
    return AlternatingLeastSquares(8, 0.1, random_state=1, device=device).fit(ratings, show_progress=False)


def test_recommendations_come_as_a_table_by_ids(model):
    table = model.recommend_ids(["user 3", "user 12"], N=1)
    assert list(table) == ["user", "rank", "item", "score"]
    assert table["user"].tolist() == ["user 3", "user 12"]
    assert table["rank"].tolist() == [1, 1]
    # The one item that was held back from each.
    assert table["item"].tolist() == [ITEMS[3], ITEMS[12]]
    assert table["score"].dtype == np.float32


def test_recommendations_for_all_users_leave_out_what_they_have_rated(model, ratings):
    table = model.recommend_ids(N=20)
    assert set(table["user"]) == set(USERS)
    pairs = set(zip(table["user"].tolist(), table["item"].tolist()))
    matrix = ratings.matrix.toarray()
    assert pairs == {(USERS[row], ITEMS[column]) for row, column in zip(*np.nonzero(matrix == 0))}
    # Ranks begin at 1 for each user, and scores descend.
    for user in USERS:
        own = table["user"] == user
        assert table["rank"][own].tolist() == list(range(1, own.sum() + 1))
        assert (np.diff(table["score"][own]) <= 0).all()


def test_recommendations_are_those_of_the_rows(model, ratings, monkeypatch):
    from gpuals import identified_model

    # In several batches.
    monkeypatch.setattr(identified_model, "_USERS_AT_A_TIME", 3)
    ids, scores = model.recommend(np.arange(20), ratings.matrix, N=4)
    table = model.recommend_ids(N=4)
    assert table["item"].tolist() == [ITEMS[row] for row in ids.ravel()]
    np.testing.assert_allclose(table["score"], scores.ravel(), rtol=1e-4, atol=1e-6)


def test_items_are_chosen_and_filtered_by_ids(model):
    table = model.recommend_ids("user 3", N=20, items=[ITEMS[3], ITEMS[4]], filter_already_liked_items=False)
    assert table["item"].tolist() == [ITEMS[3], ITEMS[4]]
    table = model.recommend_ids("user 3", N=20, filter_items=[ITEMS[3]])
    assert ITEMS[3] not in table["item"]


def test_what_users_have_rated_may_be_other_ratings(model):
    seen = Ratings({"user": ["user 3", "nobody"], "item": [ITEMS[3], ITEMS[1]]}, rating=None)
    table = model.recommend_ids("user 3", N=20, ratings=seen)
    assert sorted(table["item"]) == sorted(set(ITEMS) - {ITEMS[3]})


def test_similar_rows_and_predictions_are_asked_for_by_ids(model):
    table = model.similar_item_ids([ITEMS[4], ITEMS[5]], N=3)
    assert table["item"].tolist() == [ITEMS[4]] * 3 + [ITEMS[5]] * 3
    assert table["similar"][[0, 3]].tolist() == [ITEMS[4], ITEMS[5]]
    assert model.similar_user_ids("user 7", N=2)["similar"][0] == "user 7"
    scores = model.predict_ids(["user 1", "nobody", "user 1"], [ITEMS[1], ITEMS[1], -5])
    assert scores[0] == pytest.approx(model.predict(1, 1), rel=1e-5)
    assert np.isnan(scores[1:]).all()


def test_ratings_by_other_rows_are_measured_by_ids(device):
    generator = np.random.default_rng(2)
    frame = {
        "user": generator.integers(0, 30, 400),
        "item": generator.integers(0, 20, 400),
        "rating": generator.random(400),
    }
    model = AlternatingLeastSquares(3, feedback="explicit", iterations=3, device=device).fit(
        Ratings(frame), show_progress=False
    )
    backwards = {name: values[::-1] for name, values in frame.items()}
    unknown = {"user": [99, 1], "item": [1, 99], "rating": [100.0, 100.0]}
    both = {name: np.concatenate([backwards[name], unknown[name]]) for name in frame}
    # In the reversed frame the first of equal pairs is the last.
    wanted = Ratings(backwards)
    rows = model.users.index(wanted.users.values)
    columns = model.items.index(wanted.items.values)
    predicted = model.user_factors[rows] @ model.item_factors[columns].T
    known = wanted.matrix.toarray() != 0
    error = np.sqrt(np.mean((wanted.matrix.toarray() - predicted)[known] ** 2))
    assert model.rmse(wanted) == pytest.approx(error, rel=1e-4)
    assert model.rmse(Ratings(both)) == pytest.approx(error, rel=1e-4)
    assert np.isnan(model.rmse(Ratings(unknown)))


def test_unknown_ids_and_models_without_ids_are_told(model):
    with pytest.raises(gpuals.DataError, match="the model knows no user 'nobody'"):
        model.recommend_ids(["user 1", "nobody"])
    with pytest.raises(gpuals.DataError, match="the model knows no item 7"):
        model.similar_item_ids([7])
    plain = AlternatingLeastSquares(2, device=model.device).fit(checkerboard(6), show_progress=False)
    with pytest.raises(gpuals.NotFittedError, match="train it on gpuals"):
        plain.recommend_ids([1])
    plain.users, plain.items = IDs(range(6)), IDs(list("abcdef"))
    with pytest.raises(gpuals.NotFittedError, match="does not hold what users have rated"):
        plain.recommend_ids([1])
    assert len(plain.recommend_ids([1], N=2, filter_already_liked_items=False)["item"]) == 2


def test_a_saved_model_keeps_its_ids(model, tmp_path):
    model.save(tmp_path / "model")
    loaded = AlternatingLeastSquares.load(tmp_path / "model")
    assert loaded.users == model.users
    assert loaded.items == model.items
    assert loaded.users.values.dtype == object


def test_rows_without_ids_are_added_only_when_they_have_some(device, ratings):
    model = AlternatingLeastSquares(4, 0.1, device=device).fit(ratings, show_progress=False)
    with pytest.raises(gpuals.ParameterError, match="row 20 has no id"):
        model.partial_fit_users([20], ratings.matrix[0])
    model.users = IDs([*USERS, "new"])
    model.partial_fit_users([20], ratings.matrix[0])
    assert model.recommend_ids("new", N=1, ratings=Ratings.from_matrix(ratings.matrix[0], ["new"], ITEMS))[
        "item"
    ].tolist() == [ITEMS[0]]


def test_tables_go_into_frames(model):
    pandas = pytest.importorskip("pandas", reason="NO pandas: tables were not made frames")
    table = model.recommend_ids(N=2)
    frame = pandas.DataFrame(table)
    assert frame.shape == (40, 4)
    assert frame["item"].dtype == np.int64
