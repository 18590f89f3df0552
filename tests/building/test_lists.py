"""What a page's lists give of its sheets."""

import pytest

from backend.lists import Any, ById, Count, Eq, List, Matches, One, Sum, check
from backend.values import today
from tests.building.engines import ask, cases, spelled, titles


@pytest.mark.parametrize("case", cases("lists"), ids=titles)
def test_a_list_gives_what_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


def test_lists_are_written_as_they_are_shipped():
    where = [Eq("day", "{day}"), Any("status", "?status"), Matches("patient_id.search", "?q"), Eq("seen_on", today)]

    assert List("visit", where=where, sort=["starts_at"], limit=20) == {
        "list": "visit",
        "where": [
            ["eq", "day", {"$": "param.day"}],
            ["any", "status", {"$": "param.status", "optional": True}],
            ["matches", "patient_id.search", {"$": "param.q", "optional": True}],
            ["eq", "seen_on", {"$": "today"}],
        ],
        "sort": ["starts_at"],
        "limit": 20,
    }
    assert Count("visit", by="status", of=["booked"]) == {"count": "visit", "by": "status", "of": ["booked"]}
    assert (ById("patient"), One("visit"), Sum("line", "n")) == (
        {"by_id": "patient"}, {"one": "visit"}, {"sum": "line", "name": "n"},
    )  # fmt: skip


@pytest.mark.parametrize(("declaration", "said"), [
    ({"average": "visit"}, "is no list"),
    ({"count": "visit", "limit": 3}, "A count has no limit"),
    ({"list": "visit", "where": [["like", "status", "b"]]}, "There is no comparison 'like' of status"),
])  # fmt: skip
def test_a_list_that_no_engine_knows_is_refused_where_it_is_written(declaration, said):
    with pytest.raises(ValueError, match=said):
        check(declaration)
