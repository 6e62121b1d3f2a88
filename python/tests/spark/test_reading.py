from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gpuals.errors import DataError
from gpuals.spark.ratings import ids_of, values_of


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()])
def test_whole_numbers_of_32_bits_are_ids(kind):
    ids = ids_of(pa.array([-(2**31), -1, 0, 2**31 - 1], kind), "user")
    assert ids.dtype == np.int32
    assert ids.tolist() == [-(2**31), -1, 0, 2**31 - 1]


@pytest.mark.parametrize(
    ("array", "named"),
    [
        (pa.array([1, 2**31], pa.int64()), "2147483648"),
        (pa.array([1, -(2**31) - 1], pa.int64()), "-2147483649"),
        (pa.array([1.0, 2.5], pa.float64()), "2.5"),
        (pa.array([1.0, float("nan")], pa.float64()), "nan"),
        (pa.array([1.0, float("inf")], pa.float64()), "inf"),
        (pa.array([1.0, 1e300], pa.float64()), "1e[+]300"),
        (pa.array([1, None], pa.int64()), "null"),
        (pa.array([1.0, None], pa.float64()), "null"),
    ],
)
def test_what_is_no_id_is_named_with_its_column(array, named):
    with pytest.raises(DataError, match=f"column visitor holds .*{named}"):
        ids_of(array, "visitor")


@pytest.mark.parametrize(
    ("value", "named"), [(None, "null"), (float("nan"), "nan"), (float("inf"), "inf"), (float("-inf"), "-inf")]
)
def test_what_is_no_rating_is_named_with_its_column(value, named):
    with pytest.raises(DataError, match=f"column stars holds the rating {named}"):
        values_of(pa.array([1.0, value], pa.float32()), "stars")
