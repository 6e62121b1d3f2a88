"""Factors as Parquet files."""

from __future__ import annotations

import numpy as np
import pytest

import gpuals.parquet
from gpuals import IDs
from gpuals.parquet import read_factors, write_factors

pyarrow = pytest.importorskip("pyarrow", reason="NO pyarrow: Parquet was not tested")
parquet = pytest.importorskip("pyarrow.parquet")

FACTORS = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.mark.parametrize("ids", [[5, 2**50, -1, 0], ["a", "b", "ü", "d"]])
def test_factors_come_back_as_they_were(ids, tmp_path):
    write_factors(tmp_path / "factors.parquet", ids, FACTORS)
    known, factors = read_factors(tmp_path / "factors.parquet")
    assert known == IDs(ids)
    assert np.array_equal(factors, FACTORS)
    assert factors.dtype == np.float32
    assert [path.name for path in tmp_path.iterdir()] == ["factors.parquet"]


def test_other_libraries_read_lists_of_floats(tmp_path):
    polars = pytest.importorskip("polars", reason="NO polars: it did not read factors")
    write_factors(tmp_path / "factors.parquet", IDs([1, 2, 3, 4]), FACTORS)
    frame = polars.read_parquet(tmp_path / "factors.parquet")
    assert frame.schema == {"id": polars.Int64, "factors": polars.List(polars.Float32)}
    assert frame["factors"].to_list() == FACTORS.tolist()


@pytest.mark.parametrize(
    "kind",
    [pyarrow.list_(pyarrow.float32()), pyarrow.large_list(pyarrow.float64()), pyarrow.list_(pyarrow.float32(), 3)],
)
def test_lists_of_spark_and_others_are_read_in_several_files(kind, tmp_path):
    for part in range(2):
        rows = slice(2 * part, 2 * part + 2)
        lists = pyarrow.array(FACTORS[rows].tolist(), kind)
        table = pyarrow.table({"id": pyarrow.array([10 + 2 * part, 11 + 2 * part], pyarrow.int32()), "features": lists})
        parquet.write_table(table, tmp_path / f"part-{part}.parquet")
    ids, factors = read_factors(tmp_path, factors_column="features")
    assert ids == IDs([10, 11, 12, 13])
    assert np.array_equal(factors, FACTORS)


@pytest.mark.parametrize(
    ("ids", "lists", "message"),
    [
        ([1, 1], [[1.0], [2.0]], "an id twice"),
        ([1, None], [[1.0], [2.0]], "row 1 .*null"),
        ([1, 2], [[1.0], [2.0, 3.0]], "several lengths"),
        ([1, 2], [[1.0], None], "a null"),
        ([1, 2], [[1.0], [None]], "nulls"),
        ([1, 2], [[1.0], [float("nan")]], "row 1 .*NaN"),
        ([1, 2], [["a"], ["b"]], "lists of floats"),
        ([1, 2], [1.0, 2.0], "has to hold lists"),
    ],
)
def test_what_is_no_table_of_factors_is_refused(ids, lists, message, tmp_path):
    parquet.write_table(pyarrow.table({"id": ids, "factors": lists}), tmp_path / "factors.parquet")
    with pytest.raises(gpuals.DataError, match=message):
        read_factors(tmp_path / "factors.parquet")


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    place = tmp_path / "factors.parquet"
    write_factors(place, [1, 2, 3, 4], FACTORS)
    before = place.read_bytes()
    with pytest.raises(gpuals.DataError, match="a row for each id"):
        write_factors(place, [1, 2], FACTORS)
    with pytest.raises(TypeError), gpuals._files.replaced_file(place) as file:  # noqa: PT012
        file.write(b"half")
        file.write(3)
    assert place.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["factors.parquet"]
