"""What implicit's own tests expect of training, saving and updating (tests/als_test.py and recommender_base_test.py of implicit)."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest
import scipy.sparse

from gpuals import AlternatingLeastSquares, DataError, ParameterWarning
from matrices import checkerboard
from models import new_model


@pytest.mark.parametrize("form", ["coo", "lil", "csc"])
def test_other_forms_than_csr_are_trained_on_with_a_warning(device, model, likes, form):
    other = new_model(device)
    with pytest.warns(ParameterWarning, match=f"user_items is in {form} form"):
        other.fit(likes.asformat(form), show_progress=False)
    assert np.array_equal(other.user_factors, model.user_factors)


def test_scores_descend(device):
    generator = np.random.default_rng(10)
    users, items = generator.integers(0, 100, 1000), generator.integers(0, 200, 1000)
    likes = scipy.sparse.coo_matrix((np.ones(1000), (users, items)), shape=(100, 200)).tocsr()
    model = new_model(device).fit(likes, show_progress=False)
    for user in np.unique(users):
        _, scores = model.recommend(user, likes[user])
        assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, bool])
def test_values_of_any_type_are_taken(device, model, likes, dtype):
    other = new_model(device).fit(likes.astype(dtype), show_progress=False)
    assert np.array_equal(other.user_factors, model.user_factors)


def test_a_pickled_model_answers_the_same(model, likes):
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.recommend(0, likes[0])[0], model.recommend(0, likes[0])[0])
    assert np.array_equal(copy.similar_items(0)[0], model.similar_items(0)[0])
    copy.YtY, model.YtY  # noqa: B018 - both with and without what they are made of
    again = pickle.loads(pickle.dumps(copy)).recommend(0, likes[0], recalculate_user=True)
    assert np.array_equal(again[0], model.recommend(0, likes[0], recalculate_user=True)[0])
    pickle.loads(pickle.dumps(AlternatingLeastSquares()))


@pytest.mark.parametrize("suffix", ["", ".npz"])
def test_a_saved_model_is_loaded_as_it_was(model, likes, tmp_path, suffix):
    model.save(str(tmp_path / f"model{suffix}"))
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]
    loaded = AlternatingLeastSquares.load(str(tmp_path / f"model{suffix}"))
    assert np.array_equal(loaded.item_factors, model.item_factors)
    for mine, others in zip(model.similar_items(1), loaded.similar_items(1)):
        assert np.array_equal(mine, others)


def test_a_model_is_saved_to_and_loaded_from_open_files(model):
    file = io.BytesIO()
    model.save(file)
    file.seek(0)
    assert np.array_equal(AlternatingLeastSquares.load(file).user_factors, model.user_factors)


def test_a_model_without_factors_is_saved_and_loaded(tmp_path):
    model = AlternatingLeastSquares(factors=7, alpha=3, random_state=5, dtype=np.float64, nonnegative=True, cg_steps=4)
    model.save(tmp_path / "model.npz")
    assert vars(AlternatingLeastSquares.load(tmp_path / "model.npz")) == vars(model)


def test_the_callback_is_called_after_each_iteration(device, likes):
    calls = []
    model = AlternatingLeastSquares(factors=4, iterations=3, calculate_training_loss=True, device=device)
    model.fit(likes, show_progress=False, callback=lambda *arguments: calls.append(arguments))
    assert [iteration for iteration, _, _ in calls] == [0, 1, 2]
    assert calls[0][2] > calls[2][2] > 0
    calls.clear()
    model.calculate_training_loss, model.fit_callback = False, lambda *arguments: calls.append(arguments)
    model.fit(likes, show_progress=False)
    assert [loss for _, _, loss in calls] == [None, None, None]


def test_no_iterations_leave_the_initial_factors():
    model = AlternatingLeastSquares(factors=128, iterations=0, calculate_training_loss=True, random_state=1)
    model.fit(scipy.sparse.csr_matrix(np.ones((10, 10))), show_progress=False)
    assert model.user_factors.shape == (10, 128)
    assert 0 < model.user_factors.max() <= 0.01


def test_conjugate_gradients_make_no_nan_of_short_rows_and_empty_ones(device):
    raw = np.zeros((12, 12))
    for row in range(5):
        raw[row, row + 1 : 6] = raw[row + 6, row + 7 : 12] = [2, 1.5, 1.33333333, 1.25, 1.2][: 5 - row]
    model = AlternatingLeastSquares(
        factors=3, regularization=0.01, dtype=np.float64, use_cg=True, random_state=23, device=device
    )
    model.fit(scipy.sparse.csr_matrix(raw), show_progress=False)
    assert model.user_factors.dtype == np.float64
    assert np.isfinite(model.user_factors).all()
    assert np.isfinite(model.item_factors).all()


@pytest.mark.filterwarnings("ignore::gpuals.ParameterWarning")
def test_conjugate_gradients_make_no_nan_of_hardly_any_values(device):
    matrix = scipy.sparse.random(100, 100, 0.0005, "coo", dtype=np.float32, random_state=42).T.tocsr()
    model = AlternatingLeastSquares(factors=32, regularization=10, iterations=10, random_state=23, device=device)
    model.fit(matrix, show_progress=False)
    assert np.isfinite(model.user_factors).all()
    assert np.isfinite(model.item_factors).all()


@pytest.mark.parametrize("use_cg", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_small_matrix_is_factorized(device, use_cg, dtype):
    counts = scipy.sparse.csr_matrix(
        [
            [1, 1, 0, 1, 0, 0],
            [0, 1, 1, 1, 0, 0],
            [1, 0, 1, 0, 0, 0],
            [1, 1, 0, 0, 0, 0],
            [0, 0, 1, 1, 0, 1],
            [0, 1, 0, 0, 0, 1],
            [0, 0, 0, 0, 1, 1],
        ],
        dtype=np.float64,
    )
    model = AlternatingLeastSquares(
        factors=6, regularization=0, alpha=2.0, dtype=dtype, use_cg=use_cg, random_state=42, device=device
    )
    model.fit(counts, show_progress=False)
    np.testing.assert_allclose(model.user_factors @ model.item_factors.T, counts.toarray(), atol=1e-3)


def test_an_explanation_adds_up_to_the_score(device):
    counts = scipy.sparse.csr_matrix(
        [
            [1, 1, 0, 1, 0, 0],
            [0, 1, 1, 1, 0, 0],
            [1, 4, 1, 0, 7, 0],
            [1, 1, 0, 0, 0, 0],
            [9, 0, 4, 1, 0, 1],
            [0, 1, 0, 0, 0, 1],
            [0, 0, 2, 0, 1, 1],
        ],
        dtype=np.float32,
    )
    user_items = counts.T.tocsr()
    model = AlternatingLeastSquares(
        factors=4, regularization=20, alpha=2.0, use_cg=False, iterations=100, random_state=23, device=device
    ).fit(user_items, show_progress=False)
    ids, scores = model.recommend(0, user_items[0], N=3)
    again, again_scores = model.recommend(0, user_items[0], N=3, recalculate_user=True)
    assert ids.tolist() == again.tolist()
    np.testing.assert_allclose(scores, again_scores, atol=1e-4)

    explained, contributions, weights = model.explain(0, user_items, itemid=ids[0])
    amounts = [amount for _, amount in contributions]
    assert explained == pytest.approx(scores[0], abs=1e-4)
    assert sum(amounts) == pytest.approx(scores[0], abs=1e-4)
    assert amounts == sorted(amounts, reverse=True)
    assert sorted(item for item, _ in contributions) == [0, 2, 3, 4]

    again, top, _ = model.explain(0, user_items, itemid=ids[0], user_weights=weights, N=2)
    assert again == explained
    assert top == contributions[:2]


def test_more_factors_than_users_make_no_nan(device):
    likes = scipy.sparse.csr_matrix(np.eye(10))
    model = AlternatingLeastSquares(factors=15, device=device).fit(likes, show_progress=False)
    ids, scores = model.recommend(0, likes[0], 10, filter_already_liked_items=False)
    assert np.isfinite(scores).all()
    assert ids[0] == 0


def test_users_and_items_are_recalculated_and_added(device):
    likes = checkerboard(50)
    model = AlternatingLeastSquares(factors=2, regularization=0, random_state=23, device=device)
    model.fit(likes, show_progress=False)
    assert model.recommend(0, likes[0])[0][0] == 0
    # User 0 comes to like what user 1 likes.
    model.partial_fit_users([0], likes[1])
    assert model.recommend(0, likes[1])[0][0] == 1
    model.partial_fit_users([100], likes[1])
    assert model.user_factors.shape == (101, 2)
    assert model.recommend(100, likes[1])[0][0] == 1
    model.partial_fit_items([100], likes[1])
    assert set(model.recommend(1, likes[1], N=2)[0]) == {1, 100}
    model.partial_fit_users([101], likes[1])
    model.partial_fit_items([101], likes[1])
    assert set(model.recommend(101, likes[1], N=3)[0]) == {1, 100, 101}


def test_partial_fits_of_another_number_of_rows_are_refused(model, likes):
    for fit in (model.partial_fit_users, model.partial_fit_items):
        with pytest.raises(DataError, match="has 1 rows"):
            fit([1, 2], likes[0])
