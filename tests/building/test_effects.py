"""What a command visibly does, and undoes, before the server has answered."""

import pytest

from backend.effects import Add, Append, Discard, Each, Patch, Put, Raise, Remove, Undoing, check
from backend.values import actor, each, field, new, now, row
from tests.building.engines import ask, cases, spelled, titles


@pytest.mark.parametrize("case", cases("effects"), ids=titles)
def test_an_effect_paints_what_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


def test_effects_are_written_as_they_are_shipped():
    visit = {"$": "field.visit_id"}

    assert Put("patient", new.patient, sheet="patients/{site}", family=field.family) == {
        "op": "put", "kind": "patient", "id": {"$": "new.patient"}, "sheet": "patients/{site}",
        "values": {"family": {"$": "field.family"}},
    }  # fmt: skip
    assert Patch("visit", field.visit_id, when=(row.status, "eq", "booked"), kind="walk_in", arrived_at=now) == {
        "op": "patch", "kind": "visit", "id": visit, "values": {"kind": "walk_in", "arrived_at": {"$": "now"}},
        "when": [[{"$": "row.status"}, "eq", "booked"]],
    }  # fmt: skip
    assert Raise("visit", field.visit_id, "status", "arrived", arrived_by=actor) == {
        "op": "raise", "kind": "visit", "id": visit, "name": "status", "value": "arrived",
        "values": {"arrived_by": {"$": "actor"}},
    }  # fmt: skip
    assert Undoing("visit", status=row.status_before) == {
        "kind": "visit", "values": {"status": {"$": "row.status_before"}}
    }  # fmt: skip
    steps = [
        Add("line", each.id, "n", 1),
        Append("line", each.id, "flags", "a"),
        Discard("line", each.id, "flags", "b"),
    ]
    repeated = Each("lines", "line", [*steps, Remove("line", each.id)])
    assert [step["op"] for step in repeated["steps"]] == ["add", "append", "discard", "remove"]


def test_an_effect_that_no_engine_knows_is_refused_where_it_is_written():
    with pytest.raises(ValueError, match="There is no effect 'shout'"):
        check({"op": "each", "over": "lines", "steps": [{"op": "shout"}]})
    with pytest.raises(ValueError, match="There is no condition 'like'"):
        Patch("visit", field.visit_id, when=[(row.status, "like", "b")], status="x")
