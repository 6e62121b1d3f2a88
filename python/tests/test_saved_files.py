"""Files of implicit's form that are damaged."""

from __future__ import annotations

import numpy as np
import pytest

import gpuals
from gpuals import AlternatingLeastSquares


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"rows": np.ones(3)}, "neither factors nor their number"),
        ({"factors": 3, "user_factors": np.ones((2, 4))}, r"shape \(2, 4\), and factors is 3"),
        ({"factors": 3, "user_factors": np.ones(3)}, "user_factors"),
        ({"factors": 3, "alpha": np.ones(2)}, "damaged"),
        ({"factors": 3, "feedback": "both"}, "feedback is 'both'"),
        ({"factors": 3, "dtype": "int8"}, "dtype"),
        ({"factors": 1, "users": [1, 2], "user_factors": np.ones((3, 1))}, "2 ids of users"),
        ({"factors": 1, "users": [1, 2]}, "2 ids of users"),
    ],
)
def test_archives_that_are_no_models_are_refused(content, message, tmp_path):
    np.savez(tmp_path / "model.npz", **content)
    with pytest.raises(gpuals.DataError, match=message):
        AlternatingLeastSquares.load(tmp_path / "model.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text", b"\x80\x04N."])
def test_files_that_are_no_archives_are_refused(content, tmp_path):
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(gpuals.DataError, match="no saved model"):
        AlternatingLeastSquares.load(tmp_path / "model.npz")
    with (
        open(tmp_path / "model.npz", "rb") as file,
        pytest.raises(gpuals.DataError, match="the file is no saved model"),
    ):
        AlternatingLeastSquares.load(file)


def test_objects_in_an_archive_are_not_unpickled(tmp_path):
    np.savez(tmp_path / "model.npz", factors=np.array([{}], dtype=object))
    with pytest.raises(gpuals.DataError, match="no saved model"):
        AlternatingLeastSquares.load(tmp_path / "model.npz")


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        AlternatingLeastSquares.load(tmp_path / "none")


def test_an_array_alone_is_no_model(tmp_path):
    with open(tmp_path / "model.npz", "wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(gpuals.DataError, match="no saved model"):
        AlternatingLeastSquares.load(tmp_path / "model.npz")
