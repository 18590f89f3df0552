"""Somebody goes to a place and counts there, and somebody else takes it over."""

from tests.counts.cast import Counting

TAG = "counts.begin"


def test_who_counts_where_is_seen_by_everybody_and_taken_over_by_a_colleague(counting: Counting) -> None:
    phone, other = (counting.practice.tablet(name, who, "count") for name, who in (("P1", "dana"), ("P2", "cleo")))
    here = {"count_id": counting.id, "place_id": counting.shelf}
    said = phone.command(TAG, here)
    phone.sync([said])
    phone.sync([said])
    other.sync()
    place = f"{counting.id}/{counting.shelf}"
    assert other.row("count_place", place)["taken_by"] == counting.practice.staff["dana"]  # type: ignore[index]
    other.sync([other.command(TAG, here)])
    phone.sync()
    assert phone.row("count_place", place)["taken_by"] == counting.practice.staff["cleo"]  # type: ignore[index]


def test_by_form_the_page_shows_what_is_left_in_that_place(counting: Counting) -> None:
    browser = counting.practice.tablet("Phone 1", "dana", "count")
    begun = browser.post(f"/counts/{counting.id}/begin", {"place_id": counting.shelf}, partial=True)
    assert begun.status_code == 200
    assert "Left to count here" in begun.text
    assert "Exam gloves M" in begun.text


def test_a_count_the_office_never_heard_of_is_kept_and_looked_at(counting: Counting) -> None:
    unknown = "00000000-0000-7000-8000-0000000000aa"
    begun = counting.practice.act("dana", TAG, {"count_id": unknown, "place_id": counting.shelf})
    assert (begun.outcome, begun.code) == ("flagged", "unknown_count")


def test_a_place_that_was_not_asked_for_is_counted_all_the_same(counting: Counting) -> None:
    counting.does("dana", "begin", place_id=counting.supplies.cart)
    row = counting.practice.row("count_place", f"{counting.id}/{counting.supplies.cart}")
    assert row is not None
    assert row["total"] == 0
