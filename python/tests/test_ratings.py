"""Ratings by ids, from frames of any library."""

from __future__ import annotations

import decimal

import numpy as np
import pytest
import scipy.sparse

import gpuals
from gpuals import IDs, Ratings

pandas = pytest.importorskip("pandas", reason="NO pandas: its frames were not tested")
polars = pytest.importorskip("polars", reason="NO polars: its frames were not tested")
pyarrow = pytest.importorskip("pyarrow", reason="NO pyarrow: its tables were not tested")

NUMBERS = {"user": [70, 5, 70, 70, 5], "item": [1, 1, 3, 2, 9], "rating": [1.5, 2.0, 3.0, 4.0, 5.0]}
WORDS = {**NUMBERS, "user": ["zoë", "al", "zoë", "zoë", "al"], "item": ["x", "x", "z", "y", "ß"]}
LARGE = {**NUMBERS, "user": [2**62 + 3, -5, 2**62 + 3, 2**62 + 3, -5]}

LIBRARIES = {
    "dict": lambda columns: columns,
    "dict of arrays": lambda columns: {name: np.array(values) for name, values in columns.items()},
    "pandas": pandas.DataFrame,
    "pandas with Arrow": lambda columns: pandas.DataFrame(columns).convert_dtypes(dtype_backend="pyarrow"),
    "pandas with nullable types": lambda columns: pandas.DataFrame(columns).convert_dtypes(),
    "pandas with categories": lambda columns: pandas.DataFrame(columns).astype(
        {"user": "category", "item": "category"}
    ),
    "polars": polars.DataFrame,
    "polars, lazy": polars.LazyFrame,
    "polars with categories": lambda columns: polars.DataFrame(columns).with_columns(
        polars.col(polars.String).cast(polars.Categorical)
    ),
    "pyarrow": pyarrow.table,
    "pyarrow in chunks": lambda columns: pyarrow.concat_tables(
        [pyarrow.table(columns).slice(0, 2), pyarrow.table(columns).slice(2)]
    ),
    "pyarrow with dictionaries": lambda columns: pyarrow.concat_tables(
        [pyarrow.table({k: pyarrow.array(v).dictionary_encode() if k != "rating" else v for k, v in columns.items()})]
    ),
}
if not hasattr(pandas, "ArrowDtype"):
    # pandas 1 has no types of Arrow.
    LIBRARIES["pandas with Arrow"] = pandas.DataFrame


@pytest.mark.parametrize("columns", [NUMBERS, WORDS, LARGE], ids=["numbers", "words", "64 bits"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_frames_of_all_libraries_give_the_same_matrix(library, columns):
    ratings = Ratings(LIBRARIES[library](columns))
    # Ids stand in the order in which they first appear.
    assert ratings.users.values.tolist() == list(dict.fromkeys(columns["user"]))
    assert ratings.items.values.tolist() == list(dict.fromkeys(columns["item"]))
    assert ratings.users.values.dtype == (object if isinstance(columns["user"][0], str) else np.int64)
    # Items: the first, the third of the frame, its fourth, its last.
    assert ratings.matrix.toarray().tolist() == [[1.5, 3, 4, 0], [2, 0, 0, 5]]
    assert ratings.matrix.dtype == np.float32
    assert ratings.matrix.has_canonical_format
    assert len(ratings) == 5
    assert ratings.user_index(columns["user"]).tolist() == [0, 1, 0, 0, 1]
    assert ratings.item_index(columns["item"]).tolist() == [0, 0, 1, 2, 3]


def test_other_objects_with_the_arrow_interface_are_read():
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return pyarrow.table(NUMBERS).__arrow_c_stream__(requested_schema)

    if not hasattr(pyarrow.table(NUMBERS), "__arrow_c_stream__"):
        with pytest.raises(gpuals.DataError, match="pyarrow 14"):
            Ratings(Stream())
        return
    assert Ratings(Stream()).matrix.nnz == 5


def test_columns_may_have_any_names_and_ratings_may_be_missing():
    frame = pandas.DataFrame({"listener": [1, 1, 2], "artist": ["a", "b", "a"]})
    ratings = Ratings(frame, user="listener", item="artist", rating=None)
    assert ratings.matrix.toarray().tolist() == [[1, 1], [1, 0]]
    with pytest.raises(gpuals.DataError, match="no column 'rating': there are 'listener', 'artist'; give rating=None"):
        Ratings(frame, user="listener", item="artist")


TWICE = {"user": [1, 1, 1, 2], "item": [7, 8, 7, 7], "rating": [1.0, 2.0, 5.0, 3.0]}


@pytest.mark.parametrize(("policy", "value"), [("last", 5), ("sum", 6), ("mean", 3), (None, 5)])
def test_a_pair_that_is_there_twice_becomes_one_rating(policy, value):
    ratings = Ratings(TWICE, duplicates=policy)
    assert ratings.has_duplicates
    assert ratings.matrix.nnz == 3
    assert ratings.matrix.toarray().tolist() == [[value, 2], [3, 0]]


def test_a_pair_that_is_there_twice_is_kept_twice_or_an_error():
    kept = Ratings(TWICE, duplicates="keep").matrix
    assert kept.nnz == 4
    assert kept.indices.tolist() == [0, 0, 1, 0]
    assert kept.data.tolist() == [1, 5, 2, 3]
    with pytest.raises(gpuals.DataError, match="user 1 has more than one rating for item 7"):
        Ratings(TWICE, duplicates="error")
    with pytest.raises(gpuals.ParameterError, match="duplicates is 'first'"):
        Ratings(TWICE, duplicates="first")


def test_the_last_of_many_duplicates_is_the_last_in_the_frame():
    generator = np.random.default_rng(1)
    users, items = generator.integers(0, 30, 5000), generator.integers(0, 20, 5000)
    values = np.arange(5000.0)
    ratings = Ratings({"user": users, "item": items, "rating": values})
    last = {(user, item): value for user, item, value in zip(users.tolist(), items.tolist(), values.tolist())}
    for user in range(30):
        row = ratings.matrix[ratings.user_index([user])[0]]
        assert {ratings.items[c]: v for c, v in zip(row.indices, row.data)} == {
            i: v for (u, i), v in last.items() if u == user
        }


@pytest.mark.parametrize(("feedback", "value"), [("explicit", 5), ("implicit", 6)])
def test_duplicates_are_by_default_those_of_the_feedback(device, feedback, value):
    model = gpuals.AlternatingLeastSquares(2, feedback=feedback, iterations=1, device=device, random_state=1)
    model.fit(Ratings(TWICE), show_progress=False)
    assert model.ratings.matrix[0, 0] == value
    again = gpuals.AlternatingLeastSquares(2, feedback=feedback, iterations=1, device=device, random_state=1)
    again.fit(scipy.sparse.csr_matrix([[value, 2.0], [3, 0]]), show_progress=False)
    assert np.array_equal(model.user_factors, again.user_factors)
    model = gpuals.AlternatingLeastSquares(2, feedback=feedback, iterations=1, device=device)
    assert model.fit(Ratings(TWICE, duplicates="mean"), show_progress=False).ratings.matrix[0, 0] == 3


NAN, NULL = float("nan"), None


@pytest.mark.parametrize("library", ["dict", "pandas", "polars", "pyarrow", "pandas with Arrow"])
@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("rating", [1.0, 2.0, NULL], "row 2 .*rating"),
        ("rating", [1.0, NAN, 2.0], "row 1 .*rating"),
        ("rating", [float("inf"), 1.0, 2.0], "row 0 .*rating is inf"),
        ("rating", [1.0, 1e300, 2.0], r"row 1 .*rating is 1e\+300"),
        ("rating", ["1", "2", "3"], "rating"),
        ("user", ["a", NULL, "b"], "row 1 .*user is null"),
        ("item", [1, 2, NULL], "row 2 .*item is null|column item is of type float"),
        ("item", ["a", "b", ""], "row 2 .*item is empty"),
        ("item", [1.5, 2.0, 3.0], "item is (of type|1.5)"),
        ("user", [True, False, True], "user is (of type|True)"),
    ],
)
def test_bad_rows_are_refused_and_named(library, column, values, message):
    frame = {"user": [1, 2, 3], "item": [1, 2, 3], "rating": [1.0, 2.0, 3.0], column: values}
    with pytest.raises(gpuals.DataError, match=message):
        Ratings(LIBRARIES[library](frame))


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("user", [1, "a", 2], "row 1 .*user is 'a'|several types|row 0 .*user is 1"),
        ("user", [2**64, 1, 2], "64 bits"),
        ("user", [np.datetime64("2020-01-01")] * 3, "type|whole number"),
        ("user", [[1, 2], [3, 4], [5, 6]], "dimension"),
        ("rating", [[1.0, 2.0]] * 3, "dimension"),
        ("rating", [decimal.Decimal("1"), "x", 2], "row 1 .*'x'"),
        ("rating", [1.0, 2.0], "has 2 rows"),
        ("rating", np.ma.MaskedArray([1.0, 2.0, 3.0], [False, True, False]), "row 1 .*null"),
    ],
)
def test_what_no_frame_would_hold_is_refused_as_well(column, values, message):
    frame = {"user": [1, 2, 3], "item": [1, 2, 3], "rating": [1.0, 2.0, 3.0], column: values}
    with pytest.raises(gpuals.DataError, match=message):
        Ratings(frame)


def test_numbers_of_other_kinds_are_ratings():
    for values in (
        [1, 2, 3],
        [True, True, False],
        [decimal.Decimal("1.5"), decimal.Decimal("2"), 3],
        np.float16([1, 2, 3]),
    ):
        assert Ratings({"user": [1, 2, 3], "item": [1, 2, 3], "rating": values}).matrix.dtype == np.float32


def test_what_is_no_frame_is_refused():
    for frame in (None, 3, [(1, 2, 3.0)], np.ones((2, 3)), "ratings.csv"):
        with pytest.raises(gpuals.DataError, match="is no frame"):
            Ratings(frame)


@pytest.mark.parametrize("library", ["dict", "pandas", "polars", "pyarrow"])
def test_no_rows_are_no_ratings(library):
    columns = {"user": np.zeros(0, dtype=np.int64), "item": np.zeros(0, dtype=np.int64), "rating": np.zeros(0)}
    ratings = Ratings(LIBRARIES[library](columns))
    assert ratings.matrix.shape == (0, 0)
    assert len(ratings) == 0


def test_a_matrix_becomes_ratings_with_given_ids_or_numbers():
    matrix = scipy.sparse.csr_matrix([[0, 1.0], [2, 0]])
    ratings = Ratings.from_matrix(matrix, users=["a", "b"])
    assert ratings.users == IDs(["a", "b"])
    assert ratings.items == IDs([0, 1])
    assert (ratings.matrix != matrix).nnz == 0
    with pytest.raises(gpuals.DataError, match="1 ids of items"):
        Ratings.from_matrix(matrix, items=[1])
    with pytest.raises(gpuals.DataError, match="NaN"):
        Ratings.from_matrix(matrix * np.nan)


@pytest.mark.parametrize("columns", [NUMBERS, WORDS, LARGE])
def test_ratings_go_into_parquet_and_come_back(columns, tmp_path):
    ratings = Ratings(columns)
    ratings.to_parquet(tmp_path / "ratings.parquet", item="artist")
    assert [path.name for path in tmp_path.iterdir()] == ["ratings.parquet"]
    back = Ratings.from_parquet(tmp_path / "ratings.parquet", item="artist")
    assert back.users == ratings.users
    assert back.items == ratings.items
    assert (back.matrix != ratings.matrix).nnz == 0
    assert polars.read_parquet(tmp_path / "ratings.parquet").columns == ["user", "artist", "rating"]


def test_an_open_parquet_file_is_read(tmp_path):
    Ratings(NUMBERS).to_parquet(tmp_path / "ratings.parquet")
    with open(tmp_path / "ratings.parquet", "rb") as file:
        assert Ratings.from_parquet(file).matrix.nnz == 5


def test_parquet_files_that_are_none_or_lack_a_column_are_refused(tmp_path):
    (tmp_path / "text.parquet").write_text("user,item\n")
    with pytest.raises(gpuals.DataError, match="no Parquet file"):
        Ratings.from_parquet(tmp_path / "text.parquet")
    Ratings(NUMBERS).to_parquet(tmp_path / "ratings.parquet")
    with pytest.raises(gpuals.DataError, match="no column 'artist': there are 'user', 'item', 'rating'"):
        Ratings.from_parquet(tmp_path / "ratings.parquet", item="artist")
    with pytest.raises(FileNotFoundError):
        Ratings.from_parquet(tmp_path / "none.parquet")


def test_ids_are_found_and_unknown_ones_are_minus_one():
    for known, unknown in (([5, -3, 2**62], [4, 2**62 + 1]), (["a", "b", "c"], ["d", ""])):
        ids = IDs(known)
        assert ids.index([*known[::-1], *unknown]).tolist() == [2, 1, 0, -1, -1]
        assert ids.index([]).tolist() == []
    # A number is not its digits.
    assert IDs([1, 2]).index(["1"]).tolist() == [-1]
    assert IDs(["1"]).index([1]).tolist() == [-1]
    assert IDs([]).index([1, 2]).tolist() == [-1, -1]


@pytest.mark.parametrize("values", [[1, 1], ["a", "a"], [1.5], [1, "a"], [[1]], [2**63 + 1]])
def test_ids_that_are_twice_there_or_no_ids_are_refused(values):
    with pytest.raises(gpuals.DataError):
        IDs(values)


@pytest.mark.parametrize("columns", [NUMBERS, WORDS])
def test_ids_are_encoded_alike_without_pandas(columns, monkeypatch):
    from gpuals import _columns

    monkeypatch.setattr(_columns.importlib.util, "find_spec", lambda _: None)
    ratings = Ratings({name: np.array(values) for name, values in columns.items()})
    assert ratings.users.values.tolist() == list(dict.fromkeys(columns["user"]))
    assert ratings.matrix.toarray().tolist() == [[1.5, 3, 4, 0], [2, 0, 0, 5]]
