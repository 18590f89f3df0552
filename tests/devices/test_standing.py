"""What a device says of itself is noted, as far as it can be believed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.devices.standing import Standing, columns_of, read_standing
from tests.practice import MORNING


@pytest.mark.parametrize("said", [None, [], "x", 7, True])
def test_what_is_no_standing_says_nothing(said: Any) -> None:
    assert read_standing(said) is None


@pytest.mark.parametrize("wrong", [None, -1, True, 1.5, "3", [], {}, float("nan")])
def test_a_count_that_cannot_be_is_none_at_all(wrong: Any) -> None:
    said = dict.fromkeys(("waiting", "files", "sheets", "rows"), wrong)
    assert read_standing(said) == Standing()


@pytest.mark.parametrize("wrong", [None, 7, "", "yesterday", "2026-11-23", "0001-01-01T00:00:00+14:00", "9" * 5000])
def test_a_moment_that_cannot_be_is_not_known(wrong: Any) -> None:
    assert read_standing({"waiting": 1, "oldest_at": wrong}) == Standing(waiting=1)


def test_counts_are_kept_within_what_a_column_holds() -> None:
    standing = read_standing({"waiting": 10**30, "durable": "yes", "rows": 12})
    assert standing == Standing(waiting=2**31 - 1, rows=12)


def test_it_stands_beside_the_contact_and_notes_when_all_was_handed_in() -> None:
    empty = columns_of(Standing(waiting=0, durable=True, sheets=4, rows=90), MORNING)
    assert (empty["handed_in_at"], empty["oldest_at"], empty["durable"], empty["rows"]) == (MORNING, None, True, 90)
    waiting = columns_of(Standing(waiting=3, oldest_at="2026-11-23T14:40:00.000Z", files=1), MORNING)
    # When all was handed in before stays as it was noted then.
    assert "handed_in_at" not in waiting
    assert waiting["oldest_at"] == datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
    assert (waiting["waiting"], waiting["files"]) == (3, 1)
