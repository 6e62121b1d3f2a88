"""Model directories, exchanged with the program gpuals."""

from __future__ import annotations

import json
import os
import subprocess

import numpy as np
import pytest
import scipy.sparse

import gpuals
from gpuals import AlternatingLeastSquares, IDs, Ratings
from gpuals.model_directory import fingerprint
from matrices import random_ratings

RATINGS = Ratings.from_matrix(random_ratings(30, 25, 0.2), [f"listener {k}" for k in range(30)], np.arange(25) * 7 - 3)
#: No device is needed to test files.
REFERENCE = {"device": "reference", "random_state": 3}


def trained(**arguments):
    return AlternatingLeastSquares(6, **{**REFERENCE, **arguments}).fit(RATINGS, show_progress=False)


def run(program, *arguments):
    result = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


MODELS = {
    "explicit": {"feedback": "explicit"},
    "explicit, nonnegative": {"feedback": "explicit", "nonnegative": True, "precision": "float16"},
    "implicit": {"regularization": 0.1, "alpha": 3.0},
    "implicit as in the paper": {"regularization": 0.1, "alpha": 3.0, "confidence": "1+alpha*r", "use_cg": False},
}


@pytest.mark.parametrize("arguments", MODELS.values(), ids=MODELS)
def test_a_model_comes_back_as_it_was(arguments, tmp_path):
    model = trained(**arguments)
    model.save_model_directory(tmp_path / "model")
    loaded = AlternatingLeastSquares.load_model_directory(tmp_path / "model", device="reference")
    assert np.array_equal(loaded.user_factors, model.user_factors)
    assert np.array_equal(loaded.item_factors, model.item_factors)
    assert loaded.users == model.users
    assert loaded.items == model.items
    for name in (
        "factors",
        "regularization",
        "regularization_exponent",
        "feedback",
        "nonnegative",
        "use_cg",
        "precision",
        "random_state",
    ):
        assert getattr(loaded, name) == getattr(model, name)
    # What users are recalculated to from the ratings that the model has kept is the same, whatever their values mean.
    ours = model.recalculate_user(range(30), model.ratings.matrix)
    theirs = loaded.recalculate_user(range(30), loaded.ratings.matrix)
    np.testing.assert_allclose(theirs, ours, rtol=1e-3, atol=1e-4)
    assert loaded.recommend_ids(N=3)["item"].tolist() == model.recommend_ids(N=3)["item"].tolist()


@pytest.mark.parametrize("arguments", MODELS.values(), ids=MODELS)
def test_the_program_recommends_and_explains_with_what_python_wrote(gpuals_program, arguments, tmp_path):
    model = trained(**arguments)
    model.save_model_directory(tmp_path / "model")
    lines = run(gpuals_program, "recommend", "--model", tmp_path / "model", "--all", "-n", 5).splitlines()
    assert lines[0] == "user,rank,item,score"
    table = model.recommend_ids(N=5)
    rows = [line.split(",") for line in lines[1:]]
    assert [(user, int(rank), int(item)) for user, rank, item, _ in rows] == list(
        zip(table["user"].tolist(), table["rank"].tolist(), table["item"].tolist())
    )
    np.testing.assert_allclose([float(score) for *_, score in rows], table["score"], rtol=1e-3, atol=1e-4)
    if not model.nonnegative:
        user, _, item, _ = rows[0]
        lines = run(
            gpuals_program, "explain", "--model", tmp_path / "model", "--user", user, "--item", item, "-n", 100
        ).splitlines()[1:]
        printed = {line.split(",")[0]: float(line.split(",")[2]) for line in lines}
        _, contributions, _ = model.explain(0, model.ratings.matrix, model.items.index([int(item)])[0], N=100)
        amounts = [printed.pop(str(model.items[row])) for row, _ in contributions]
        np.testing.assert_allclose(amounts, [amount for _, amount in contributions], rtol=1e-3, atol=1e-4)
        assert not printed


@pytest.mark.parametrize("options", [[], ["--implicit", "--alpha", "4", "--solver", "cg"], ["--no-keep-ratings"]])
def test_python_reads_what_the_program_trained(gpuals_program, options, tmp_path):
    rows = [f"{u},{i},{r}" for u, i, r in zip("abbcaacdd", [7, 7, 8, 9, 10, 9, 8, 7, 10], [1, 2, 3, 4, 5, 4, 3, 2, 1])]
    (tmp_path / "ratings.csv").write_text("user,item,rating\n" + "\n".join(rows) + "\n")
    place = tmp_path / "model"
    run(
        gpuals_program,
        "train",
        tmp_path / "ratings.csv",
        "--model",
        place,
        "--rank",
        3,
        "--device",
        "reference",
        "--quiet",
        *options,
    )
    model = AlternatingLeastSquares.load_model_directory(place, device="reference")
    assert sorted(model.users.values) == ["a", "b", "c", "d"]
    assert sorted(model.items.values.tolist()) == [7, 8, 9, 10]
    assert (model.ratings is None) == ("--no-keep-ratings" in options)
    assert model.confidence == "1+alpha*r"
    printed = run(gpuals_program, "recommend", "--model", place, "--user", "a", "--include-seen", "-n", 4).splitlines()[
        1:
    ]
    table = model.recommend_ids("a", N=4, filter_already_liked_items=False)
    assert [line.split(",")[2] for line in printed] == [str(item) for item in table["item"]]
    if model.ratings is not None and not options:
        # Users are solved last.
        np.testing.assert_allclose(
            model.recalculate_user(range(4), model.ratings.matrix), model.user_factors, rtol=1e-3, atol=1e-4
        )
        manifest = json.loads((place / "model.json").read_text())
        assert f"{fingerprint(model.ratings.matrix):016x}" == manifest["ratings_fingerprint"]


def test_the_program_updates_a_model_of_python(gpuals_program, tmp_path):
    model = trained(feedback="explicit")
    model.save_model_directory(tmp_path / "model")
    (tmp_path / "changes.tsv").write_text("listener 0\t-3\t5\nsomebody new\t4\t5\n")
    run(gpuals_program, "update", tmp_path / "changes.tsv", "--model", tmp_path / "model", "--device", "reference")
    updated = AlternatingLeastSquares.load_model_directory(tmp_path / "model", device="reference")
    assert updated.users.index(["somebody new"]).tolist() == [30]
    assert updated.ratings.matrix[0, updated.items.index([-3])[0]] == 5


def test_a_model_without_ids_or_ratings_gets_numbers_for_ids(tmp_path):
    model = AlternatingLeastSquares(3, **REFERENCE).fit(RATINGS.matrix, show_progress=False)
    model.save_model_directory(tmp_path / "model")
    loaded = AlternatingLeastSquares.load_model_directory(tmp_path / "model")
    assert loaded.users == IDs(range(30))
    assert loaded.ratings is None
    assert not (tmp_path / "model" / "ratings.npz").exists()


def test_a_model_is_replaced_in_one_step_and_nothing_is_left_beside_it(tmp_path):
    trained().save_model_directory(tmp_path / "deep" / "model")
    model = trained(random_state=9)
    model.save_model_directory(tmp_path / "deep" / "model")
    loaded = AlternatingLeastSquares.load_model_directory(tmp_path / "deep" / "model")
    assert np.array_equal(loaded.user_factors, model.user_factors)
    assert os.listdir(tmp_path / "deep") == ["model"]
    assert sorted(os.listdir(tmp_path / "deep" / "model")) == [
        "item_factors.npy", "items.txt", "model.json", "ratings.npz", "user_factors.npy", "users.txt"
    ]  # fmt: skip


def test_other_things_at_the_place_are_not_replaced(tmp_path):
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "thesis.txt").write_text("…")
    (tmp_path / "file").write_text("…")
    for name in ("directory", "file"):
        with pytest.raises(gpuals.ParameterError, match="is there and is no gpuals model"):
            trained().save_model_directory(tmp_path / name)
    assert (tmp_path / "directory" / "thesis.txt").exists()
    assert sorted(os.listdir(tmp_path)) == ["directory", "file"]


@pytest.mark.parametrize("spoil", ["ids", "factors"])
def test_a_model_that_could_not_be_loaded_again_does_not_replace_a_good_one(tmp_path, spoil):
    good = trained()
    good.save_model_directory(tmp_path / "model")
    bad = trained(random_state=8)
    if spoil == "ids":
        bad.users = IDs(["two\nlines", *bad.users.values[1:]])
    else:
        bad.user_factors[3, 0] = np.nan
    with pytest.raises(gpuals.ParameterError):
        bad.save_model_directory(tmp_path / "model")
    loaded = AlternatingLeastSquares.load_model_directory(tmp_path / "model")
    assert np.array_equal(loaded.user_factors, good.user_factors)
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.filterwarnings("ignore::gpuals.ParameterWarning")
def test_confidences_below_one_cannot_be_kept(tmp_path):
    model = trained(alpha=0.1)
    with pytest.raises(gpuals.ParameterError, match="keep_ratings=False"):
        model.save_model_directory(tmp_path / "model")
    model.save_model_directory(tmp_path / "model", keep_ratings=False)
    assert AlternatingLeastSquares.load_model_directory(tmp_path / "model").ratings is None


def change(name, content):
    def apply(path):
        (path / name).write_bytes(content)

    return apply


def change_manifest(**fields):
    def apply(path):
        manifest = json.loads((path / "model.json").read_text())
        manifest.update(fields)
        (path / "model.json").write_text(json.dumps(manifest))

    return apply


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change("model.json", b"{"), "model.json is damaged"),
        (change("model.json", b"[]"), "holds no object"),
        (change_manifest(format="other"), "no gpuals model"),
        (change_manifest(format_version=2), "format version 2"),
        (change_manifest(users=31), r"\(31, 6\)"),
        (change_manifest(parameters={"biases": True}), "--biases"),
        (change_manifest(parameters={"rank": 6}), "parameters"),
        (change_manifest(device=None, ratings="many"), "model.json is damaged"),
        (change("users.txt", b"a\nb\n"), "users.txt holds 2 ids, but model.json says 30"),
        (change("users.txt", b"a\nb"), "does not end"),
        (change("users.txt", b"a\n" * 30), "users.txt: an id is there twice"),
        (change("users.txt", b"\xff\n" * 30), "users.txt is not UTF-8"),
        (change("user_factors.npy", b"\x93NUMPY"), "user_factors.npy is no NumPy array"),
        (change("ratings.npz", b"PK"), "ratings.npz is no SciPy matrix"),
        (lambda path: np.save(path / "item_factors.npy", np.full((25, 6), np.nan, np.float32)), "NaN"),
        (lambda path: np.save(path / "item_factors.npy", np.ones((25, 6))), "float64"),
        (lambda path: scipy.sparse.save_npz(path / "ratings.npz", RATINGS.matrix[:3]), "ratings.npz"),
    ],
)
def test_a_damaged_model_is_refused_by_the_file_that_is_damaged(damage, message, tmp_path):
    trained(feedback="explicit").save_model_directory(tmp_path)
    damage(tmp_path)
    with pytest.raises(gpuals.DataError, match=message):
        AlternatingLeastSquares.load_model_directory(tmp_path)


def test_where_there_is_no_model_the_file_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        AlternatingLeastSquares.load_model_directory(tmp_path / "none")


def test_other_files_in_the_directory_of_a_model_are_kept(tmp_path):
    trained(feedback="explicit").save_model_directory(tmp_path / "model")
    (tmp_path / "model" / "report.html").write_text("…")
    (tmp_path / "model" / "item_names.txt").write_text("of the old model")
    os.chmod(tmp_path / "model", 0o750)
    trained().save_model_directory(tmp_path / "model")
    assert (tmp_path / "model" / "report.html").read_text() == "…"
    assert not (tmp_path / "model" / "item_names.txt").exists()
    assert (tmp_path / "model").stat().st_mode & 0o777 == 0o750
    assert os.listdir(tmp_path) == ["model"]


def test_where_names_cannot_be_exchanged_a_model_is_replaced_in_two_steps(tmp_path, monkeypatch):
    from gpuals import _staged_directory

    monkeypatch.setattr(_staged_directory, "_exchange", lambda *_: False)
    test_a_model_is_replaced_in_one_step_and_nothing_is_left_beside_it(tmp_path)


@pytest.mark.parametrize("place", [".", "", ".."])
def test_the_current_directory_is_not_replaced(tmp_path, monkeypatch, place):
    trained().save_model_directory(tmp_path / "model")
    (tmp_path / "model" / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "model" / ("inner" if place == ".." else ""))
    with pytest.raises(gpuals.ParameterError, match="current directory"):
        trained().save_model_directory(place)
    assert (tmp_path / "model" / "inner").exists()
