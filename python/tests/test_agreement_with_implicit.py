"""The numbers of implicit itself, from the same initial factors."""

from __future__ import annotations

import os
import signal
import warnings

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose

import gpuals
from gpuals import AlternatingLeastSquares, ParameterWarning
from matrices import checkerboard, random_ratings

RATINGS = random_ratings(120, 80)
DISLIKES = RATINGS.copy()
DISLIKES.data[::7] *= -1
FRACTIONS = RATINGS * np.float32(0.3)
# A stored zero is the confidence 0 in implicit: as if the pair did not count at all.
WITH_ZEROS = RATINGS.copy()
WITH_ZEROS.data[::9] = 0

MATRICES = [
    pytest.param(RATINGS, 1.0, id="a confidence of 1 among others"),
    pytest.param(RATINGS, 40.0, id="high confidences"),
    pytest.param(DISLIKES, 2.0, id="dislikes"),
    pytest.param(FRACTIONS, 1.0, id="confidences below 1"),
    pytest.param(DISLIKES, 0.3, id="dislikes with confidences below 1"),
    pytest.param(WITH_ZEROS, 1.0, id="stored zeros"),
]


def both(implicit_model, device, matrix, alpha, **parameters):
    common = {"factors": 16, "regularization": 0.05, "alpha": alpha, "iterations": 3, **parameters}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)
        models = [implicit_model(**common), AlternatingLeastSquares(**common, device=device)]
        for model in models:
            if "random_state" not in parameters:
                generator = np.random.default_rng(5)
                model.user_factors = generator.standard_normal((120, 16)).astype(np.float32) * np.float32(0.1)
                model.item_factors = generator.standard_normal((80, 16)).astype(np.float32) * np.float32(0.1)
            model.fit(matrix, show_progress=False)
    return models


def assert_near(actual, wanted, tolerance):
    assert_allclose(actual, wanted, atol=tolerance * np.abs(wanted).max())


@pytest.mark.parametrize(("matrix", "alpha"), MATRICES)
def test_exact_factors_are_those_of_implicit(implicit_model, device, matrix, alpha):
    theirs, ours = both(implicit_model, device, matrix, alpha, use_cg=False)
    assert_near(ours.user_factors, theirs.user_factors, 1e-4)
    assert_near(ours.item_factors, theirs.item_factors, 1e-4)


@pytest.mark.parametrize(("matrix", "alpha"), MATRICES)
def test_factors_by_conjugate_gradients_are_those_of_implicit(implicit_model, device, matrix, alpha):
    theirs, ours = both(implicit_model, device, matrix, alpha, use_cg=True)
    assert_near(ours.user_factors, theirs.user_factors, 2e-3)
    assert_near(ours.item_factors, theirs.item_factors, 2e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_random_state_gives_the_same_factors(implicit_model, device, dtype):
    theirs, ours = both(implicit_model, device, RATINGS, 2.0, use_cg=False, random_state=17, dtype=dtype)
    assert ours.user_factors.dtype == theirs.user_factors.dtype
    assert_near(ours.user_factors, theirs.user_factors, 1e-4)
    assert_near(ours.item_factors, theirs.item_factors, 1e-4)


@pytest.mark.parametrize(("matrix", "alpha"), [MATRICES[1], MATRICES[3]])
def test_the_loss_is_that_of_implicit(implicit_model, device, matrix, alpha):
    losses = [[], []]
    for model, found in zip((implicit_model, AlternatingLeastSquares), losses):
        extra = {"device": device} if model is AlternatingLeastSquares else {}
        trained = model(
            8, 0.05, alpha, iterations=3, random_state=1, use_cg=False, calculate_training_loss=True, **extra
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ParameterWarning)
            trained.fit(matrix, show_progress=False, callback=lambda _i, _s, loss, found=found: found.append(loss))
    assert len(losses[0]) == 3
    assert_allclose(losses[1], losses[0], rtol=1e-4)


@pytest.mark.parametrize(("matrix", "alpha"), MATRICES)
def test_recalculated_users_and_items_are_those_of_implicit(implicit_model, device, matrix, alpha):
    theirs, ours = both(implicit_model, device, matrix, alpha, use_cg=False)
    ours.user_factors, ours.item_factors = theirs.user_factors, theirs.item_factors
    ids = np.array([3, 1, 110])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)
        assert_near(ours.recalculate_user(ids, matrix[ids]), theirs.recalculate_user(ids, matrix[ids]), 1e-3)
        assert_near(ours.recalculate_user(3, matrix[3]), theirs.recalculate_user(3, matrix[3]), 1e-3)
        item_users = matrix.T.tocsr()[:5]
        assert_near(ours.recalculate_item(range(5), item_users), theirs.recalculate_item(range(5), item_users), 1e-3)


def test_recommendations_similar_rows_and_explanations_are_those_of_implicit(implicit_model, device):
    theirs, ours = both(implicit_model, device, RATINGS, 2.0, use_cg=False)
    ours.user_factors, ours.item_factors = theirs.user_factors, theirs.item_factors
    ids = np.arange(20)
    for call in (
        lambda model: model.recommend(ids, RATINGS[ids], N=7),
        lambda model: model.recommend(4, RATINGS[4], N=7, filter_items=[1, 2, 3]),
        lambda model: model.recommend(ids, RATINGS[ids], N=7, items=np.arange(50), filter_already_liked_items=False),
        lambda model: model.similar_items(ids, N=5),
        lambda model: model.similar_users(7, N=5, filter_users=[7]),
        lambda model: model.similar_items(7, N=5, items=[5, 6, 7, 8, 9]),
    ):
        (mine, my_scores), (others, other_scores) = call(ours), call(theirs)
        assert np.array_equal(mine, others)
        assert_allclose(my_scores, other_scores, rtol=1e-4, atol=1e-5)
    score, contributions, _ = ours.explain(9, RATINGS, 3, N=4)
    their_score, their_contributions, _ = theirs.explain(9, RATINGS, 3, N=4)
    assert score == pytest.approx(their_score, rel=1e-3, abs=1e-4)
    assert [item for item, _ in contributions] == [item for item, _ in their_contributions]
    assert_allclose([amount for _, amount in contributions], [a for _, a in their_contributions], rtol=1e-3, atol=1e-5)


@pytest.mark.filterwarnings("ignore:OpenBLAS:RuntimeWarning")
def test_the_evaluation_of_implicit_takes_our_models(implicit_model, device):
    from implicit.evaluation import precision_at_k

    likes = checkerboard(50)
    model = AlternatingLeastSquares(32, 0, random_state=23, device=device).fit(likes, show_progress=False)
    # The one item that was held back from each user is the first of its list.
    assert precision_at_k(model, likes, scipy.sparse.csr_matrix(np.eye(50)), K=1, show_progress=False) == 1


def test_saved_models_are_loaded_by_either(implicit_model, device, tmp_path):
    theirs, ours = both(implicit_model, device, RATINGS, 2.0, random_state=3, use_cg=False)
    ours.save(tmp_path / "ours.npz")
    theirs.save(str(tmp_path / "theirs.npz"))
    by_them = implicit_model.load(str(tmp_path / "ours.npz"))
    by_us = AlternatingLeastSquares.load(tmp_path / "theirs.npz")
    assert np.array_equal(by_them.item_factors, ours.item_factors)
    assert np.array_equal(by_us.item_factors, theirs.item_factors)
    for name in ("factors", "regularization", "alpha", "use_cg", "iterations", "random_state", "dtype"):
        assert getattr(by_them, name) == getattr(ours, name)
        assert getattr(by_us, name) == getattr(theirs, name)
    assert by_them.recommend(1, RATINGS[1])[0].tolist() == ours.recommend(1, RATINGS[1])[0].tolist()
    by_us.device = device
    by_us.fit(RATINGS, show_progress=False)


def test_the_arguments_have_the_names_order_and_defaults_of_implicit(implicit_model):
    import inspect

    from implicit.als import AlternatingLeastSquares as Factory

    theirs = inspect.signature(Factory).parameters
    ours = inspect.signature(AlternatingLeastSquares).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    for name, parameter in theirs.items():
        # What depends on the kind of feedback is None in the signature.
        assert ours[name].default in (parameter.default, None)
    model, original = AlternatingLeastSquares(), implicit_model()
    for name in (
        "factors",
        "regularization",
        "alpha",
        "dtype",
        "use_native",
        "use_cg",
        "cg_steps",
        "iterations",
        "num_threads",
    ):
        assert getattr(model, name) == getattr(original, name)
    for name in (
        "fit",
        "recommend",
        "similar_items",
        "similar_users",
        "explain",
        "recalculate_user",
        "partial_fit_items",
    ):
        arguments = [
            [(key, value.default) for key, value in inspect.signature(getattr(kind, name)).parameters.items()]
            for kind in (implicit_model, AlternatingLeastSquares)
        ]
        assert [key for key, _ in arguments[0]] == [key for key, _ in arguments[1]]


def test_confidences_below_one_are_told_of_and_refused_for_nonnegative_factors(device):
    with pytest.warns(ParameterWarning, match=r"of \d+ confidences are below 1"):
        AlternatingLeastSquares(4, iterations=1, device=device).fit(FRACTIONS, show_progress=False)
    with pytest.raises(gpuals.ParameterError, match="below 1"):
        AlternatingLeastSquares(4, nonnegative=True, device=device).fit(FRACTIONS, show_progress=False)


def test_one_plus_alpha_r_is_the_confidence_of_the_paper(device):
    """The same model by either meaning: alpha r' = 1 + 2 r."""
    paper = AlternatingLeastSquares(8, alpha=2.0, iterations=3, random_state=1, confidence="1+alpha*r", device=device)
    scaled = AlternatingLeastSquares(8, alpha=0.5, iterations=3, random_state=1, device=device)
    shifted = RATINGS.copy()
    shifted.data = (1 + 2 * shifted.data) / 0.5
    paper.fit(RATINGS, show_progress=False)
    scaled.fit(shifted, show_progress=False)
    assert_near(paper.user_factors, scaled.user_factors, 1e-5)
    wanted = gpuals.fit(
        device,
        gpuals.Parameters(
            rank=8,
            iterations=3,
            regularization=0.01,
            regularization_exponent=0,
            implicit=True,
            alpha=2,
            cg_steps=3,
            users_first=True,
        ),
        RATINGS,
        *AlternatingLeastSquares(8, random_state=1)._start(RATINGS.shape, np.random.default_rng(1)),
    )
    assert_near(paper.user_factors, wanted.user_factors, 1e-5)


def raise_it():
    raise KeyboardInterrupt


def press_it():
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("press", [raise_it, press_it])
def test_ctrl_c_keeps_what_has_been_trained(plain_control_c, device, press):
    def interrupt(iteration, *_):
        if iteration == 1:
            press()

    model = AlternatingLeastSquares(8, iterations=9, random_state=1, device=device)
    with pytest.raises(KeyboardInterrupt):
        model.fit(RATINGS, show_progress=False, callback=interrupt)
    two = AlternatingLeastSquares(8, iterations=2, random_state=1, device=device).fit(RATINGS, show_progress=False)
    assert np.array_equal(model.user_factors, two.user_factors)


def test_a_second_fit_goes_on_from_the_first(device):
    model = AlternatingLeastSquares(8, iterations=2, random_state=1, device=device)
    model.fit(RATINGS, show_progress=False).fit(RATINGS, show_progress=False)
    four = AlternatingLeastSquares(8, iterations=4, random_state=1, device=device).fit(RATINGS, show_progress=False)
    assert_near(model.user_factors, four.user_factors, 1e-4)
    with pytest.raises(gpuals.ParameterError, match="set them to None to begin anew"):
        model.fit(RATINGS[:10], show_progress=False)
