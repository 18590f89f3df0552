"""What somebody who counts sees: scanned, entered unit by unit, not here, or known to nobody; and taken back."""

from datetime import timedelta
from typing import Any

from backend.clock import instant
from tests.counts.cast import Counting
from tests.tablets import Tablet

SCAN, AMOUNT = "counts.record_scan", "counts.record_amount"
NONE, UNKNOWN = "counts.record_none", "counts.record_unknown"
GTIN, GLOVES = "(01)00614141000012(10)A1(17)270131", "GLV-M"


def scanned(code: str, **more: Any) -> dict[str, Any]:
    return {"scan": {"code": code, "kind": "plain", **more}}


def lines(counting: Counting, who: str = "dana") -> dict[str, int]:
    """`box A1` -> how many, as one person entered it."""
    by = counting.practice.staff[who]
    mine = [row for row in counting.rows("count_line") if row["by"] == by]
    return {f"{row['unit']} {row['lot']}".strip(): row["quantity"] for row in mine}


def phone_of(counting: Counting, who: str = "dana", name: str = "Phone 1") -> Tablet:
    return counting.practice.tablet(name, who, "count")


def test_every_scan_is_one_more_and_one_made_twice_by_a_bad_network_is_one(counting: Counting) -> None:
    phone = phone_of(counting)
    here = {"count_id": counting.id, "place_id": counting.shelf}
    said = [phone.command(SCAN, {**here, **scanned(GLOVES)}) for _ in range(3)]
    phone.sync(said)
    phone.sync(said)
    assert lines(counting) == {"each": 3}


def test_what_was_put_right_stands_though_the_clock_was_set_back_before(counting: Counting) -> None:
    phone = phone_of(counting)
    gloves = {"count_id": counting.id, "place_id": counting.shelf, "item_id": counting.gloves}
    five = phone.command(AMOUNT, {**gloves, "amounts": [{"unit": "each", "quantity": 5}]})
    # Started anew, three hours slow; and once more with the right time, so that nobody can say when the second one was.
    made = {"wall": instant(counting.practice.clock.now() - timedelta(hours=3)), "mono": 1.0, "boot": "second"}
    seven = phone.command(AMOUNT, {**gloves, "amounts": [{"unit": "each", "quantity": 7}]}, made=made)
    phone.sync([five, seven], clock={**phone.reading(), "boot": "third"})
    assert lines(counting) == {"each": 7}


def test_by_form_a_label_gives_its_unit_lot_and_date(counting: Counting) -> None:
    browser = phone_of(counting)
    form = {"place_id": counting.shelf, "scan": GTIN}
    answer = browser.post(f"/counts/{counting.id}/scans", form, partial=True)
    assert answer.status_code == 200
    assert "1 box" in answer.text
    assert "A1" in answer.text
    assert "Jan 31, 2027" in answer.text
    assert lines(counting) == {"box A1": 1}


def test_what_is_no_code_gets_a_sentence(counting: Counting) -> None:
    form = {"place_id": counting.shelf, "scan": ""}
    answer = phone_of(counting).post(f"/counts/{counting.id}/scans", form, partial=True)
    assert answer.status_code == 422


def test_two_people_never_touch_each_others_lines(counting: Counting) -> None:
    counting.does("dana", "record_scan", **scanned(GLOVES))
    counting.does("cleo", "record_scan", **scanned(GLOVES))
    assert (lines(counting), lines(counting, "cleo")) == ({"each": 1}, {"each": 1})
    dana = counting.practice.staff["dana"]
    line = f"{counting.id}/{counting.shelf}/{counting.gloves}/{dana}/each/"
    assert counting.practice.sheets_with("count_line", line) == {f"count-lines/{counting.id}/{dana}", "counted/main"}


def test_a_code_that_nobody_knows_is_kept_and_looked_at(counting: Counting) -> None:
    seen = counting.does("dana", "record_scan", **scanned("4711"))
    assert (seen.outcome, seen.code) == ("flagged", "unknown_code")
    [stray] = counting.rows("stray")
    assert (stray["said"], stray["quantity"]) == ("4711", 1)
    # As a device paints it when it is taken back: like any thing that nobody knows.
    assert (stray["last_command"], stray["last_command_id"]) == (UNKNOWN, seen.command_id)


def test_the_count_says_how_many_unknown_things_were_found_in_it(counting: Counting) -> None:
    seen = counting.does("dana", "record_unknown", name="A box of masks", quantity=2)
    assert [row["strays"] for row in counting.rows("count")] == [1]
    counting.practice.act("dana", "undo", {"command_id": seen.command_id})
    assert [row["strays"] for row in counting.rows("count")] == [0]


def test_the_label_of_a_shelf_says_where_one_is(counting: Counting) -> None:
    label = counting.practice.row("place", counting.shelf)["label"]  # type: ignore[index]
    seen = counting.does("dana", "record_scan", **scanned(label))
    assert seen.outcome == "applied"
    assert lines(counting) == {}
    row = counting.practice.row("count_place", f"{counting.id}/{counting.shelf}")
    assert row is not None
    assert row["taken_by"] == counting.practice.staff["dana"]


def test_mixed_units_stay_as_they_were_entered_and_are_one_number_in_the_office(counting: Counting) -> None:
    amounts = [{"unit": "box", "quantity": 1}, {"unit": "each", "quantity": 97}, {"unit": "case", "quantity": None}]
    counting.does("dana", "record_amount", item_id=counting.gloves, amounts=amounts)
    assert lines(counting) == {"box": 1, "each": 97}
    counting.does("dana", "submit")
    [found] = counting.findings(counting.gloves)
    assert (found["found"], found["counted"]) == (197, "1 box + 97 each")


def test_by_form_with_the_number_pad(counting: Counting) -> None:
    browser = phone_of(counting)
    form = {"place_id": counting.shelf, "item_id": counting.gloves, "lot": "", "expires": ""}
    form |= {"amounts.1.unit": "each", "amounts.1.quantity": "7", "amounts.2.unit": "box", "amounts.2.quantity": ""}
    assert browser.post(f"/counts/{counting.id}/amounts", form, partial=True).status_code == 200
    assert lines(counting) == {"each": 7}
    wrong = browser.post(f"/counts/{counting.id}/amounts", {**form, "amounts.1.quantity": "many"}, partial=True)
    assert wrong.status_code == 422
    assert lines(counting) == {"each": 7}


def test_a_number_entered_after_scans_is_the_number_and_scans_after_it_add_to_it(counting: Counting) -> None:
    for _ in range(2):
        counting.does("dana", "record_scan", **scanned(GLOVES))
    counting.sees("dana", counting.gloves, 10)
    counting.does("dana", "record_scan", **scanned(GLOVES))
    assert lines(counting) == {"each": 11}


def test_not_here_is_an_observation_too(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 4)
    counting.does("dana", "record_none", item_id=counting.gloves)
    assert lines(counting) == {"each": 0}
    counting.does("dana", "submit")
    [found] = counting.findings(counting.gloves)
    assert (found["found"], found["counted"]) == (0, "0")
    again = phone_of(counting)
    said = again.command(NONE, {"count_id": counting.id, "place_id": counting.shelf, "item_id": counting.gloves})
    again.sync([said])
    again.sync([said])
    assert again.receipt(said)["outcome"] == "applied"


def test_not_here_by_form(counting: Counting) -> None:
    browser = phone_of(counting)
    form = {"place_id": counting.shelf, "item_id": counting.lidocaine}
    assert "Not here" in browser.post(f"/counts/{counting.id}/none", form, partial=True).text


def test_something_that_is_not_in_the_catalogue_is_noted_down(counting: Counting) -> None:
    browser = phone_of(counting)
    form = {"place_id": counting.shelf, "name": "Blue tape", "quantity": "3"}
    assert "Blue tape" in browser.post(f"/counts/{counting.id}/unknown", form, partial=True).text
    wrong = browser.post(f"/counts/{counting.id}/unknown", {**form, "quantity": "0"}, partial=True)
    assert wrong.status_code == 422
    assert [one.outcome for one in counting.practice.entries(UNKNOWN)] == ["flagged"]
    assert "Blue tape" in counting.practice.browser("maria").get(f"/counts/{counting.id}/evidence").text


def test_an_item_of_the_catalogue_that_was_not_on_the_list_is_counted(counting: Counting) -> None:
    here = {"place_id": counting.supplies.cart}
    counting.does("dana", "record_scan", **here, **scanned(GLOVES))
    counting.does("dana", "submit", **here)
    row = counting.practice.row("count_review", f"{counting.id}/{counting.supplies.cart}/{counting.gloves}")
    assert row is not None
    assert (row["listed"], row["state"]) == (False, "posted")
    assert counting.supplies.on_hand(place_id=counting.supplies.cart) == 1


def test_the_last_entry_of_a_line_is_taken_back(counting: Counting) -> None:
    counting.does("dana", "record_scan", **scanned(GLOVES))
    counting.sees("dana", counting.gloves, 10)
    [last] = counting.practice.entries(AMOUNT)
    undone = counting.practice.act("dana", "undo", {"command_id": last.command_id})
    assert undone.outcome == "applied"
    assert lines(counting) == {"each": 1}
    assert counting.practice.act("dana", "undo", {"command_id": last.command_id}).outcome == "noop"


def test_what_was_handed_in_is_not_taken_back_but_counted_again(counting: Counting) -> None:
    counting.does("dana", "record_scan", **scanned(GLOVES))
    counting.does("dana", "submit")
    [scan] = counting.practice.entries(SCAN)
    assert counting.practice.act("dana", "undo", {"command_id": scan.command_id}).code == "handed_in"


def test_an_item_and_a_place_nobody_knows_are_kept_and_looked_at(counting: Counting) -> None:
    strange = "00000000-0000-7000-8000-0000000000bb"
    amounts = [{"unit": "barrel", "quantity": 2}]
    seen = counting.does("dana", "record_amount", place_id=strange, item_id=strange, amounts=amounts)
    assert seen.outcome == "flagged"
    assert lines(counting) == {"barrel": 2}


def test_a_person_goes_on_with_their_lines_on_another_device(counting: Counting) -> None:
    here = {"count_id": counting.id, "place_id": counting.shelf}
    one, two = phone_of(counting), phone_of(counting, name="Phone 2")
    one.sync([one.command(SCAN, {**here, **scanned(GLOVES)})])
    two.sync()
    line = f"{counting.id}/{counting.shelf}/{counting.gloves}/{counting.practice.staff['dana']}/each/"
    assert two.row("count_line", line)["quantity"] == 1  # type: ignore[index]
    two.sync([two.command(SCAN, {**here, **scanned(GLOVES)})])
    one.sync()
    assert one.row("count_line", line)["quantity"] == 2  # type: ignore[index]
