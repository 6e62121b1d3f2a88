from __future__ import annotations

import numpy as np
import pytest

from gpuals.errors import SoftwareError
from gpuals.spark import blocks
from gpuals.spark.blocks import RatingBlock, parts_of
from gpuals.spark.half_step import fixed_from_messages, message_name, named
from gpuals.spark.records import Parts, records_of


@pytest.fixture(scope="module")
def block(entries):
    return RatingBlock.of(*entries)


def test_a_block_does_not_depend_on_the_order_of_its_entries(entries, block):
    order = np.random.default_rng(1).permutation(len(entries[0]))
    again = RatingBlock.of(*(array[order] for array in entries))
    for name in ("row_ids", "offsets", "columns", "column_ids", "values"):
        np.testing.assert_array_equal(getattr(block, name), getattr(again, name))


def test_a_block_holds_each_entry_once_for_each_time_it_is_there(entries, block):
    rows = np.repeat(block.row_ids, np.diff(block.offsets))
    found = sorted(zip(rows.tolist(), block.column_ids[block.columns].tolist(), block.values.tolist()))
    assert found == sorted(zip(*(array.tolist() for array in entries)))
    assert (np.diff(block.row_ids) > 0).all()
    for row in range(len(block.row_ids)):
        assert (np.diff(block.columns[block.offsets[row] : block.offsets[row + 1]]) >= 0).all()


def test_ids_at_both_ends_of_32_bits_are_sorted_as_numbers():
    ends = np.array([2**31 - 1, -(2**31), 0, -1], np.int32)
    block = RatingBlock.of(ends, ends[::-1].copy(), np.arange(4, dtype=np.float32))
    assert block.row_ids.tolist() == [-(2**31), -1, 0, 2**31 - 1]
    assert block.column_ids.tolist() == [-(2**31), -1, 0, 2**31 - 1]
    assert block.values.tolist() == [1, 3, 2, 0]


@pytest.mark.parametrize("bounds", [(0, 1), (0, 1540), (3, 700), (1539, 1540)])
def test_some_of_the_entries_are_those_of_the_block(block, bounds):
    rows = np.repeat(block.row_ids, np.diff(block.offsets))
    some = slice(*bounds)
    users, items, values = block.entries(some)
    np.testing.assert_array_equal(users, rows[some])
    np.testing.assert_array_equal(items, block.column_ids[block.columns[some]])
    np.testing.assert_array_equal(values, block.values[some])


@pytest.mark.parametrize("destinations", [1, 4, 100])
def test_routes_name_the_rows_that_each_destination_needs(block, destinations):
    offsets, rows = block.routes(destinations)
    assert len(offsets) == destinations + 1
    for destination in range(destinations):
        needed = [
            row
            for row in range(len(block.row_ids))
            if (
                block.column_ids[block.columns[block.offsets[row] : block.offsets[row + 1]]] % destinations
                == destination
            ).any()
        ]
        assert rows[offsets[destination] : offsets[destination + 1]].tolist() == needed


@pytest.mark.parametrize(("name", "value"), [("_MARKS", 7), ("_MARKED_ENTRIES", 5)])
def test_routes_are_the_same_where_few_rows_are_looked_at_at_a_time(block, monkeypatch, name, value):
    expected = block.routes(3)
    monkeypatch.setattr(blocks, name, value)
    for found, wanted in zip(block.routes(3), expected):
        np.testing.assert_array_equal(found, wanted)


def test_a_block_comes_back_from_its_records(block):
    number, parts = parts_of(block.records(3))
    again = RatingBlock.read(parts)
    assert number == 3
    np.testing.assert_array_equal(again.columns, block.columns)
    np.testing.assert_array_equal(again.values, block.values)


def test_an_array_comes_back_from_small_records_in_any_order():
    array = np.arange(1000, dtype=np.float32)
    records = list(records_of(1, "x", array, limit=64))
    assert len(records) == 63
    _, parts = parts_of(records[::-1])
    np.testing.assert_array_equal(parts.take("x", np.float32), array)


def test_a_lost_record_is_noticed():
    records = list(records_of(1, "x", np.arange(1000, dtype=np.float32), limit=64))
    _, parts = parts_of(records[:5] + records[6:])
    with pytest.raises(SoftwareError, match="missing"):
        parts.take("x", np.float32)


def test_messages_make_the_factors_of_the_columns():
    ids = np.array([-7, -2, 0, 3, 4, 11], np.int32)
    factors = np.arange(12, dtype=np.float32).reshape(6, 2)
    parts = Parts()
    for source in range(3):
        for _, (name, start, content) in records_of(9, message_name(source), factors[ids % 3 == source], limit=8):
            parts.add(name, start, content)
    np.testing.assert_array_equal(fixed_from_messages(ids, parts, 3, 2), factors)


def test_a_message_of_other_rows_than_are_needed_is_noticed():
    parts = Parts()
    for _, (name, start, content) in records_of(0, message_name(0), np.ones((3, 2), np.float32)):
        parts.add(name, start, content)
    with pytest.raises(SoftwareError, match="factors of 3 rows, and 2 are needed"):
        fixed_from_messages(np.array([1, 2], np.int32), parts, 1, 2)


@pytest.mark.parametrize("dashes", ["--", ""])
def test_the_row_of_a_message_of_the_library_becomes_an_id(dashes):
    message = (
        f"the equations of user row 1 are singular in 32-bit arithmetic: raise {dashes}regularization "
        f"(or lower {dashes}rank below the number of that user's ratings)"
    )
    assert named(message, "item", np.array([5, 77], np.int32)) == (
        "the equations of item 77 are singular in 32-bit arithmetic: raise regParam "
        "(or lower rank below the number of that item's ratings)"
    )
