"""Models of gpuals as Spark's ALSModel and back, without Spark."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402

from gpuals.errors import DataError  # noqa: E402
from gpuals.exchange import FactorTable, OccupiedPlaceError, read_spark_model, write_spark_model  # noqa: E402
from gpuals.exchange.commands import export_spark_model, unpack_spark_model  # noqa: E402

from .model_on_disk import write_model  # noqa: E402

USERS = ["5", "-3", "2147483647", "-2147483648", "0"]
ITEMS = ["10", "7", "8"]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gpuals.exchange", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def table(ids: list[int], rank: int = 2) -> FactorTable:
    values = np.arange(len(ids) * rank, dtype=np.float32).reshape(len(ids), rank)
    return FactorTable(np.array(ids, dtype=np.int32), values)


def test_what_is_exported_comes_back_in_the_order_of_the_ids(tmp_path: pathlib.Path) -> None:
    users, items = write_model(tmp_path / "model", USERS, ITEMS)
    export_spark_model(str(tmp_path / "model"), str(tmp_path / "als"), False)
    model = read_spark_model(tmp_path / "als")
    assert model.rank == 3
    assert model.users.ids.tolist() == sorted(map(int, USERS))
    order = np.argsort([int(id) for id in USERS])
    assert np.array_equal(model.users.factors, users[order])
    assert np.array_equal(model.items.factors, items[[1, 2, 0]])
    assert model.user_names is None
    assert model.item_names is None


def test_files_are_those_that_spark_writes(tmp_path: pathlib.Path) -> None:
    write_model(tmp_path / "model", USERS, ITEMS)
    export_spark_model(str(tmp_path / "model"), str(tmp_path / "als"), False)
    assert sorted(os.listdir(tmp_path / "als")) == ["itemFactors", "metadata", "userFactors"]
    for folder in ("itemFactors", "metadata", "userFactors"):
        assert (tmp_path / "als" / folder / "_SUCCESS").read_bytes() == b""
    lines = (tmp_path / "als/metadata/part-00000").read_text().split("\n")
    assert len(lines) == 2
    assert lines[1] == ""
    metadata = json.loads(lines[0])
    assert metadata["class"] == "org.apache.spark.ml.recommendation.ALSModel"
    assert metadata["rank"] == 3
    assert metadata["paramMap"] == {}
    assert metadata["defaultParamMap"]["coldStartStrategy"] == "nan"
    (part,) = (tmp_path / "als/userFactors").glob("part-*.snappy.parquet")
    schema = parquet.read_schema(part)
    assert schema.field("id").type == pyarrow.int32()
    assert not schema.field("id").nullable
    assert schema.field("features").type.value_type == pyarrow.float32()
    assert json.loads(schema.metadata[b"org.apache.spark.sql.parquet.row.metadata"])["fields"][0]["type"] == "integer"


def test_large_tables_go_into_several_files_and_row_groups(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpuals.exchange.factor_table._FILE_NUMBERS", 40)
    monkeypatch.setattr("gpuals.exchange.factor_table._GROUP_NUMBERS", 12)
    users = table(list(range(95)), rank=4)
    write_spark_model(tmp_path / "als", users, table([1], rank=4))
    parts = sorted((tmp_path / "als/userFactors").glob("part-*"))
    assert len(parts) == 10
    assert parquet.ParquetFile(parts[0]).metadata.num_row_groups == 4
    model = read_spark_model(tmp_path / "als")
    assert np.array_equal(model.users.ids, users.ids)
    assert np.array_equal(model.users.factors, users.factors)


@pytest.mark.parametrize("bad", ["anna", "2147483648", "-2147483649", "007", "+1", "1.0", " 1", "\uff11"])
def test_an_id_that_spark_cannot_have_is_named_and_nothing_is_written(tmp_path: pathlib.Path, bad: str) -> None:
    write_model(tmp_path / "model", ["1", bad, "worse"], ITEMS)
    with pytest.raises(DataError, match="cannot have") as caught:
        export_spark_model(str(tmp_path / "model"), str(tmp_path / "als"), False)
    assert f'user "{bad}"' in str(caught.value)
    assert "--number-ids" in str(caught.value)
    assert os.listdir(tmp_path) == ["model"]


def test_numbered_ids_are_written_beside_and_restored(tmp_path: pathlib.Path) -> None:
    users, items = ["anna", 'b"o,b', "007", "12345678901", "été"], ["x", "y"]
    factors = write_model(tmp_path / "model", users, items)
    export_spark_model(str(tmp_path / "model"), str(tmp_path / "als"), True)
    assert (tmp_path / "als/item_ids.csv").read_text() == "id,item\n0,x\n1,y\n"
    model = read_spark_model(tmp_path / "als")
    assert model.users.ids.tolist() == [0, 1, 2, 3, 4]
    assert model.user_names == [id.encode() for id in users]
    assert model.item_names == [b"x", b"y"]
    (tmp_path / "parts").mkdir()
    record = unpack_spark_model(str(tmp_path / "als"), str(tmp_path / "parts"))
    assert record["restored_ids"] is True
    assert (tmp_path / "parts/users.txt").read_text() == (tmp_path / "model/users.txt").read_text()
    assert np.array_equal(np.load(tmp_path / "parts/user_factors.npy"), factors[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("number,user\n0,a\n1,b\n", "first line"),
        ("id,user\n0,a\n", "no line for the id 1"),
        ("id,user\n0,a\n1,a\n", "the same id"),
        ("id,user\n0,a\n1,\n", "one none"),
        ("id,user\n0,a\nx,b\n", "no table of ids"),
        ("id,user\n0,a,b\n", "no table of ids"),
    ],
)
def test_a_table_of_ids_that_does_not_fit_is_refused(tmp_path: pathlib.Path, content: str, words: str) -> None:
    write_spark_model(tmp_path / "als", table([0, 1]), table([0]))
    (tmp_path / "als/user_ids.csv").write_text(content)
    with pytest.raises(DataError, match=words):
        read_spark_model(tmp_path / "als")


def test_a_saved_model_is_replaced_as_a_whole(tmp_path: pathlib.Path) -> None:
    write_spark_model(tmp_path / "als", table([1, 2]), table([3]), [b"a", b"b"], [b"c"])
    write_spark_model(tmp_path / "als", table([7, 8, 9]), table([3]))
    assert read_spark_model(tmp_path / "als").users.ids.tolist() == [7, 8, 9]
    assert sorted(os.listdir(tmp_path / "als")) == ["itemFactors", "metadata", "userFactors"]
    assert os.listdir(tmp_path) == ["als"]


@pytest.mark.parametrize("there", ["file", "directory of others", "model with a file of others", "pipeline"])
def test_what_is_no_saved_model_is_left_as_it_is(tmp_path: pathlib.Path, there: str) -> None:
    place = tmp_path / "als"
    if there == "file":
        place.write_text("mine")
    elif there == "directory of others":
        place.mkdir()
        (place / "notes.txt").write_text("mine")
    else:
        write_spark_model(place, table([1]), table([2]))
        if there == "pipeline":
            metadata = place / "metadata/part-00000"
            metadata.write_text(metadata.read_text().replace("recommendation.ALSModel", "PipelineModel"))
        else:
            (place / "notes.txt").write_text("mine")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(OccupiedPlaceError, match="choose another directory, or remove it"):
        write_spark_model(place, table([1]), table([2]))
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_a_failure_on_the_way_leaves_nothing(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gpuals.exchange.spark_model.SparkMetadata.write", fails)
    with pytest.raises(OSError, match="No space"):
        write_spark_model(tmp_path / "als", table([1]), table([2]))
    assert os.listdir(tmp_path) == []


def test_a_link_is_followed_and_stays_one(tmp_path: pathlib.Path) -> None:
    (tmp_path / "link").symlink_to("als")
    write_spark_model(tmp_path / "link", table([1]), table([2]))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "als/metadata").is_dir()


def damage(place: pathlib.Path, how: str) -> None:
    part = next((place / "userFactors").glob("part-*"))
    metadata = place / "metadata/part-00000"

    def rewrite(**columns: object) -> None:
        parquet.write_table(pyarrow.table(columns), part)

    two = pyarrow.array([[1.0, 2.0], [3.0, 4.0]], pyarrow.list_(pyarrow.float32()))
    ids = pyarrow.array([1, 2], pyarrow.int32())
    if how == "no metadata":
        metadata.unlink()
    elif how == "no items":
        for file in (place / "itemFactors").iterdir():
            file.unlink()
        (place / "itemFactors").rmdir()
    elif how == "cut":
        part.write_bytes(part.read_bytes()[:-9])
    elif how == "text":
        part.write_text("id,features")
    elif how == "other class":
        metadata.write_text(metadata.read_text().replace("ALSModel", "ALS"))
    elif how == "other rank":
        metadata.write_text(metadata.read_text().replace('"rank":2', '"rank":3'))
    elif how == "empty":
        part.unlink()
    elif how == "two jobs":
        (place / "userFactors/part-00000-other.parquet").write_bytes(part.read_bytes())
    elif how == "long ids":
        rewrite(id=pyarrow.array([1, 2], pyarrow.int64()), features=two)
    elif how == "null id":
        rewrite(id=pyarrow.array([1, None], pyarrow.int32()), features=two)
    elif how == "null list":
        rewrite(id=ids, features=pyarrow.array([[1.0, 2.0], None], pyarrow.list_(pyarrow.float32())))
    elif how == "null number":
        rewrite(id=ids, features=pyarrow.array([[1.0, 2.0], [1.0, None]], pyarrow.list_(pyarrow.float32())))
    elif how == "NaN":
        rewrite(id=ids, features=pyarrow.array([[1.0, 2.0], [1.0, float("nan")]], pyarrow.list_(pyarrow.float32())))
    elif how == "doubles":
        rewrite(id=ids, features=pyarrow.array([[1.0, 2.0], [3.0, 4.0]]))
    elif how == "other columns":
        rewrite(user=ids, factors=two)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("no metadata", "not the metadata of a model"),
        ("no items", "no itemFactors"),
        ("cut", "damaged or no Parquet file"),
        ("text", "damaged or no Parquet file"),
        ("other class", "only an ALSModel can be read"),
        ("other rank", "as long as the rank of the model, 3"),
        ("empty", "holds no factors"),
        ("two jobs", "the id 1 twice"),
        ("long ids", "int64"),
        ("null id", "column id holds a null"),
        ("null list", "column features holds a null"),
        ("null number", "holds a null"),
        ("NaN", "a NaN or an infinity"),
        ("doubles", "array<float>"),
        ("other columns", "no column id"),
    ],
)
def test_a_damaged_model_is_refused_with_its_place(tmp_path: pathlib.Path, how: str, words: str) -> None:
    place = tmp_path / "als"
    write_spark_model(place, table([1, 2]), table([3]))
    damage(place, how)
    with pytest.raises(DataError, match=words) as caught:
        read_spark_model(place)
    assert str(place) in str(caught.value)
    outcome = run("unpack-spark", place, tmp_path)
    assert outcome.returncode == 65
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1
    assert str(place) in outcome.stderr


def test_the_program_ends_with_the_statuses_of_gpuals(tmp_path: pathlib.Path) -> None:
    write_model(tmp_path / "model", USERS, ITEMS)
    write_model(tmp_path / "biased", USERS, ITEMS, parameters={"biases": True})
    write_model(tmp_path / "texts", ["anna"], ITEMS)
    (tmp_path / "file").write_text("mine")
    cases: list[tuple[list[object], int, str]] = [
        (["export-spark", tmp_path / "model", tmp_path / "als"], 0, ""),
        (["export-spark", tmp_path / "biased", tmp_path / "other"], 64, "train it without --biases"),
        (["export-spark", tmp_path / "texts", tmp_path / "other"], 65, "--number-ids"),
        (["export-spark", tmp_path / "absent", tmp_path / "other"], 66, "absent"),
        (["export-spark", tmp_path / "model", tmp_path / "file"], 73, "choose another directory"),
        (["export-spark", tmp_path / "model", tmp_path / "file/als"], 73, "file"),
        (["unpack-spark", tmp_path / "absent", tmp_path], 66, "absent"),
        (["unpack-spark", tmp_path / "file", tmp_path], 65, "a saved ALSModel is a directory"),
    ]
    for arguments, status, words in cases:
        outcome = run(*arguments)
        assert outcome.returncode == status, (arguments, outcome.stderr)
        assert words in outcome.stderr, (arguments, outcome.stderr)
        assert outcome.stderr.count("\n") == (0 if status == 0 else 1), outcome.stderr
    assert not (tmp_path / "other").exists()
    assert (tmp_path / "file").read_text() == "mine"


def test_without_pyarrow_it_says_what_to_install(tmp_path: pathlib.Path) -> None:
    write_model(tmp_path / "model", USERS, ITEMS)
    (tmp_path / "hidden/pyarrow").mkdir(parents=True)
    (tmp_path / "hidden/pyarrow/__init__.py").write_text("raise ImportError(\"No module named 'pyarrow'\")")
    paths = os.pathsep.join([str(tmp_path / "hidden"), os.environ.get("PYTHONPATH", "")])
    outcome = run("export-spark", tmp_path / "model", tmp_path / "als", PYTHONPATH=paths)
    assert outcome.returncode == 69
    assert "python3 -m pip install './python[parquet]'" in outcome.stderr


def test_libgpuals_is_not_needed(tmp_path: pathlib.Path) -> None:
    write_model(tmp_path / "model", USERS, ITEMS)
    outcome = run(
        "export-spark", tmp_path / "model", tmp_path / "als", GPUALS_LIBRARY=str(tmp_path / "no-such-library.so")
    )
    assert outcome.returncode == 0, outcome.stderr
