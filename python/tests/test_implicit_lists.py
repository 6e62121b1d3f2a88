"""What implicit's own tests expect of lists of items and users (tests/recommender_base_test.py of implicit)."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from matrices import checkerboard
from models import new_model

ROWS = np.arange(50)


@pytest.fixture(scope="module")
def large_model(device):
    return new_model(device).fit(checkerboard(256), show_progress=False)


def test_the_item_that_was_held_back_is_recommended(model, likes):
    for user in ROWS:
        ids, _ = model.recommend(user, likes[user], N=1)
        assert ids.tolist() == [user]


def test_more_items_than_there_are_end_in_minus_one(model, likes):
    ids, scores = model.recommend(0, likes[0], N=10_000)
    assert len(ids) == len(scores) == 10_000
    count = 50 - likes[0].nnz
    assert sorted(ids[:count]) == sorted(set(range(50)) - set(likes[0].indices))
    assert (ids[count:] == -1).all()
    assert (scores[count:] == -np.finfo(np.float32).max).all()


def test_filtered_items_are_left_out(model, likes):
    assert 0 not in model.recommend(0, likes[0], N=40, filter_items=[0])[0]
    ids, _ = model.recommend(np.array([2, 3, 4]), likes[[2, 3, 4]], N=1, filter_items=[0])
    assert ids.shape == (3, 1)
    assert 0 not in ids


@pytest.mark.parametrize("filters", [True, False])
def test_a_batch_of_users_gets_what_each_of_them_gets(model, likes, filters):
    ids, scores = model.recommend(ROWS, likes, N=5, filter_already_liked_items=filters)
    for user in ROWS:
        single_ids, single_scores = model.recommend(user, likes[user], N=5, filter_already_liked_items=filters)
        np.testing.assert_allclose(single_scores, scores[user], atol=1e-5)
        if filters:
            assert single_ids[0] == ids[user][0] == user


def test_a_recalculated_user_is_as_a_trained_one(model, likes):
    batch_ids, batch_scores = model.recommend(ROWS, likes, N=1, recalculate_user=True)
    for user in ROWS:
        ids, scores = model.recommend(user, likes[user], N=1)
        again, again_scores = model.recommend(0, likes[user], N=1, recalculate_user=True)
        assert ids[0] == again[0] == batch_ids[user][0]
        assert scores[0] == pytest.approx(again_scores[0], abs=1e-3)
        assert scores[0] == pytest.approx(batch_scores[user][0], abs=1e-3)


def test_similar_users_like_the_same(model):
    for user in ROWS:
        ids, _ = model.similar_users(user, N=10)
        assert (ids % 2 == user % 2).all()


def test_a_batch_of_similar_users_begins_with_each_itself(large_model):
    ids, scores = large_model.similar_users(ROWS, N=10)
    assert ids.shape == (50, 10)
    assert (ids[:, 0] == ROWS).all()
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-4)
    assert (ids % 2 == ROWS[:, None] % 2).all()


def test_similar_users_are_filtered_and_chosen_from(large_model):
    ids, _ = large_model.similar_users(ROWS, N=10, filter_users=np.arange(52) * 5)
    assert (ids % 5 != 0).all()
    ids, _ = large_model.similar_users(ROWS, N=10, users=np.arange(10))
    assert all(set(row) == set(range(10)) for row in ids)


def test_similar_items_are_liked_by_the_same(large_model):
    ids, scores = large_model.similar_items(ROWS, N=10)
    assert (ids[:, 0] == ROWS).all()
    assert (ids % 2 == ROWS[:, None] % 2).all()
    for item in ROWS:
        single, single_scores = large_model.similar_items(item, N=10)
        assert (single % 2 == item % 2).all()
        np.testing.assert_allclose(single_scores, scores[item], atol=1e-5)


def test_recalculated_items_are_similar_to_the_same(large_model):
    item_users = checkerboard(256).T.tocsr()
    ids, _ = large_model.similar_items(ROWS, N=10, recalculate_item=True, item_users=item_users[ROWS])
    assert (ids[:, 0] == ROWS).all()
    assert (ids % 2 == ROWS[:, None] % 2).all()


def test_similar_items_are_filtered_and_chosen_from(large_model):
    ids, _ = large_model.similar_items(ROWS, N=10, filter_items=np.arange(52) * 5)
    assert (ids % 5 != 0).all()
    ids, _ = large_model.similar_items(ROWS, N=10, items=np.arange(10))
    assert all(set(row) == set(range(10)) for row in ids)


def test_items_without_users_are_similar_to_nothing(device):
    likes = checkerboard(50).toarray()
    likes[[42, 49]] = 0
    likes[:, [42, 49]] = 0
    model = new_model(device).fit(scipy.sparse.csr_matrix(likes), show_progress=False)
    for item in range(40):
        ids, _ = model.similar_items(item, 10)
        assert 42 not in ids
        assert 49 not in ids
    assert (model.item_factors[[42, 49]] == 0).all()
    assert (model.user_factors[[42, 49]] == 0).all()


def test_given_items_are_ranked_and_those_that_are_liked_come_last(model, likes):
    selected = np.array([1, 2, 3, 4, 5, 6])
    ids, scores = model.recommend(0, likes[0], items=selected, N=20)
    assert len(ids) == 6
    assert set(ids) == set(selected)
    assert set(ids[3:]) == {2, 4, 6}
    assert (scores[3:] == -np.finfo(np.float32).max).all()
    for user in ROWS:
        some = np.random.default_rng(user).choice(50, 10, replace=False).tolist()
        ids, _ = model.recommend(user, likes[user], items=some, filter_already_liked_items=False)
        assert set(ids) == set(some)


@pytest.mark.parametrize("wrong", [[-1, -3, -5], [51, 300, 200]])
def test_items_that_are_not_in_the_model_are_an_index_error(model, likes, wrong):
    with pytest.raises(IndexError):
        model.recommend(0, likes[0], items=[1, 2, *wrong])


def test_given_items_are_ranked_for_a_batch(model, likes):
    ids, _ = model.recommend(ROWS, likes, items=np.arange(10) * 3)
    assert all(set(row) == set(range(0, 30, 3)) for row in ids)


def test_items_together_with_filtered_items_are_refused(model, likes):
    with pytest.raises(ValueError, match="cannot both be given"):
        model.recommend(0, likes[0], items=[1], filter_items=[2])


@pytest.mark.parametrize("form", ["csc", "coo"])
def test_other_forms_of_liked_items_are_refused(model, likes, form):
    with pytest.raises(ValueError, match="call"):
        model.recommend(0, user_items=likes.asformat(form))


def test_liked_items_of_another_number_of_users_are_refused(model, likes):
    with pytest.raises(ValueError, match="has 2 rows"):
        model.recommend(0, likes[:2])


def test_users_that_are_not_in_the_model_are_an_index_error(model, likes):
    with pytest.raises(IndexError, match="row 99 is not one of the model's 50"):
        model.recommend(99, likes[0])
