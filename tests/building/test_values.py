"""What a declaration's values are worth."""

import pytest

from backend import values
from backend.values import device, each, field, fold, key, new, now, ref, row, serial
from tests.building.engines import ask, cases, spelled, titles


@pytest.mark.parametrize("case", cases("values"), ids=titles)
def test_a_value_is_worth_what_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


def test_values_are_written_as_they_are_shipped():
    written = [field.family, row.status, new.patient, now, device, each, each.code, fold(field.family, "x"),
               key("count", field.count_id), ref("item", field.item_id).name, serial("receipt"),
               ["a", None]]  # fmt: skip

    assert values.to_json(written) == [
        {"$": "field.family"}, {"$": "row.status"}, {"$": "new.patient"}, {"$": "now"}, {"$": "device"}, {"$": "each"},
        {"$": "each.code"}, {"fn": "fold", "of": [{"$": "field.family"}, "x"]},
        {"fn": "key", "of": ["count", {"$": "field.count_id"}]},
        {"fn": "ref", "kind": "item", "id": {"$": "field.item_id"}, "name": "name"},
        {"fn": "serial", "name": "receipt"}, ["a", None],
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), [
    ({"$": "moon"}, "There is no value called 'moon'"),
    ({"fn": "sum"}, "There is no function 'sum'"),
    ({"a": 1}, "names neither"),
])  # fmt: skip
def test_a_value_that_no_engine_knows_is_refused_where_it_is_written(value, said):
    with pytest.raises(ValueError, match=said):
        values.to_json(value)


def test_a_fraction_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match=r"cannot hold 1\.5"):
        values.to_json(1.5)
