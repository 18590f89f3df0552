"""A count as a file for other systems, held against the library that knows FHIR R5 by heart."""

import json
import re
from pathlib import Path
from typing import Any

from tests.counts.cast import Counting
from tests.counts.oracle import valid
from tests.tablets import Browser

ROOT = Path(__file__).parents[2]


def report(counting: Counting, kind: str = "snapshot", browser: Browser | None = None) -> dict[str, Any]:
    """What Maria takes along: valid, and with nothing in it that the standard does not know."""
    answer = (browser or counting.practice.browser("maria")).get(f"/inventory-reports/{counting.id}?kind={kind}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = json.loads(answer.content)
    assert valid(told) == told
    assert "extension" not in answer.text
    return told


def lines(told: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(item, lot, quantity), in the order of the report."""
    of = {f"#{one['id']}": one for one in told.get("contained", [])}
    found = []
    for section in told.get("inventoryListing", []):
        for line in section["item"]:
            item = of.get(line["item"].get("reference", {}).get("reference", ""))
            name = item["code"][0]["text"] if item else line["item"]["concept"]["text"]
            lot = item.get("instance", {}).get("lotNumber", "") if item else ""
            found.append((name, lot, line["quantity"]["value"]))
    return found


def test_a_snapshot_has_every_line_also_those_that_match(counting: Counting) -> None:
    counting.sees_all("dana", gloves=197)
    told = report(counting)
    assert (told["countType"], told["status"]) == ("snapshot", "active")
    assert lines(told) == [
        ("Exam gloves M", "", 197), ("Syringe 5 ml", "S1", 50), ("Syringe 5 ml", "S2", 20), ("Lidocaine 1 %", "", 10),
    ]  # fmt: skip
    assert told["operationTypeReason"] == {"text": "Regular count"}
    assert told["reporter"]["display"] == "Dana Reyes"
    assert told["reportedDateTime"] == "2026-11-23T13:40:00.000Z"
    assert told["reportingPeriod"] == {"start": "2026-11-23T13:36:00.000Z", "end": "2026-11-23T13:39:00.000Z"}


def test_each_line_says_where_and_when_it_was_seen_and_of_which_lot_and_date(counting: Counting) -> None:
    counting.sees_all("dana")
    told = report(counting)
    [syringes] = [one for one in told["inventoryListing"] if one["countingDateTime"] == "2026-11-23T13:37:00.000Z"]
    assert syringes["location"]["display"] == "Supply room › Shelf 3"
    assert syringes["location"]["identifier"]["value"] == f"urn:uuid:{counting.shelf}"
    [line] = syringes["item"]
    assert line["quantity"] == {"value": 50, "unit": "each"}
    [item] = [one for one in told["contained"] if f"#{one['id']}" == line["item"]["reference"]["reference"]]
    assert item["instance"] == {"lotNumber": "S1", "expiry": "2027-03-31"}
    assert (item["status"], item["baseUnit"]) == ("active", {"text": "each"})
    assert item["identifier"][0]["value"] == f"urn:uuid:{counting.syringes}"


def test_packs_are_reported_in_the_base_unit(counting: Counting) -> None:
    amounts = [{"unit": "box", "quantity": 1}, {"unit": "each", "quantity": 99}]
    counting.does("dana", "record_amount", item_id=counting.gloves, amounts=amounts)
    counting.does("dana", "submit")
    assert ("Exam gloves M", "", 199) in lines(report(counting))


def test_a_count_that_goes_on_is_a_draft_and_one_that_nobody_began_is_asked_for(counting: Counting) -> None:
    asked = report(counting)
    assert (asked["status"], asked.get("inventoryListing")) == ("requested", None)
    assert report(counting, "difference")["status"] == "requested"
    counting.sees("dana", counting.gloves, 200)
    counting.does("dana", "submit")
    going = report(counting)
    assert (going["status"], lines(going)) == ("draft", [("Exam gloves M", "", 200)])
    assert {"text": "2 of 3 are not counted or not decided."} in going["note"]


def test_what_was_called_off_is_in_error_unless_something_was_handed_in(counting: Counting) -> None:
    other = counting.ask(kind="spot", place_id=counting.shelf, item_id=counting.gloves)
    counting.sees("dana", counting.gloves, 200)
    counting.does("dana", "submit")
    for id in (counting.id, other):
        assert counting.practice.act("maria", "counts.cancel", {"count_id": id}).outcome == "applied"
    told = report(counting)
    assert told["status"] == "active"
    assert {"text": "Called off before all of it was counted."} in told["note"]
    counting.id = other
    assert report(counting)["status"] == "entered-in-error"


def test_a_line_counted_by_two_people_is_in_a_snapshot_once(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("cleo", counting.gloves, 199)
    counting.does("cleo", "submit")
    told = report(counting)
    assert [line for line in lines(told) if line[0] == "Exam gloves M"] == [("Exam gloves M", "", 199)]
    assert {"text": "Counted by Cleo Marsh, Dana Reyes."} in told["note"]


def test_a_difference_is_what_was_posted_with_its_sign_and_nothing_that_matched(counting: Counting) -> None:
    counting.sees_all("dana", gloves=197, s1=51)
    told = report(counting, "difference")
    assert (told["countType"], told["status"]) == ("difference", "active")
    assert lines(told) == [("Exam gloves M", "", -3), ("Syringe 5 ml", "S1", 1)]
    assert told["operationTypeReason"] == {"text": "Within the tolerance"}
    assert {"text": "Exam gloves M, Supply room › Shelf 3: -3. Within the tolerance."} in told["note"]


def test_what_a_manager_decided_stands_with_its_reason_and_root_cause(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("cleo", counting.gloves, 150)
    counting.does("cleo", "submit")
    assert report(counting, "difference").get("inventoryListing") is None
    counting.approve("maria", counting.requests()[0], "unrecorded_use", "Two boxes went to room 2")
    told = report(counting, "difference")
    assert lines(told) == [("Exam gloves M", "", -50)]
    assert told["operationTypeReason"] == {"text": "Unrecorded use: Two boxes went to room 2"}


def test_lines_of_several_reasons_say_each_their_own(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150, s1=51)
    counting.sees("cleo", counting.gloves, 150)
    counting.does("cleo", "submit")
    counting.approve("maria", counting.requests()[0], "damaged", "Wet")
    told = report(counting, "difference")
    assert "operationTypeReason" not in told
    said = {one["text"] for one in told["note"]}
    assert "Exam gloves M, Supply room › Shelf 3: -50. Damaged: Wet." in said
    assert "Syringe 5 ml, lot S1, Supply room › Shelf 3: +1. Within the tolerance." in said


def test_what_moved_since_the_hand_in_is_in_neither_file(counting: Counting) -> None:
    counting.sees_all("dana", gloves=197)
    counting.practice.clock.forward(minutes=5)
    counting.supplies.does("cleo", "inventory.use_stock", quantity=9)
    counting.supplies.does("cleo", "inventory.waste_stock", quantity=1, why="damaged")
    assert lines(report(counting, "difference")) == [("Exam gloves M", "", -3)]
    assert ("Exam gloves M", "", 197) in lines(report(counting))


def test_a_thing_that_nobody_knows_is_named_as_it_was_found(counting: Counting) -> None:
    counting.does("dana", "record_unknown", name="Blue box without a label", quantity=3)
    scan = {"code": "NOBODY-KNOWS", "kind": "plain"}
    counting.does("dana", "record_scan", scan=scan)
    assert report(counting).get("inventoryListing") is None
    counting.does("dana", "submit")
    told = report(counting)
    assert lines(told) == [("Blue box without a label", "", 3), ("NOBODY-KNOWS", "", 1)]
    assert told["status"] == "draft"


def test_an_item_that_only_a_count_named_is_of_unknown_status(counting: Counting) -> None:
    unknown = "00000000-0000-7000-8000-0000000000aa"
    counting.sees("dana", unknown, 4)
    counting.does("dana", "submit")
    told = report(counting)
    assert ("Unknown item", "", 4) in lines(told)
    assert "unknown" in {one["status"] for one in told["contained"]}


def test_a_time_that_is_only_about_right_says_its_day_alone(counting: Counting) -> None:
    phone = counting.practice.tablet("Phone 1", "dana", "count")
    here = {"count_id": counting.id, "place_id": counting.shelf}
    amounts = [{"unit": "each", "quantity": 200}]
    seen = phone.command("counts.record_amount", {**here, "item_id": counting.gloves, "amounts": amounts})
    seen["made"] = {**seen["made"], "boot": "another", "wall": "2026-11-24T02:30:00.000Z"}
    counting.practice.clock.forward(hours=14)
    phone.sync([seen, phone.command("counts.submit", here)])
    told = report(counting)
    [section] = told["inventoryListing"]
    # Half past nine in the evening at the office, where it is Monday still.
    assert section["countingDateTime"] == "2026-11-23"
    assert any("only about right" in one["text"] for one in told["note"])


def test_codes_that_others_know_are_given_where_they_stand_on_one_of_it(counting: Counting) -> None:
    known = {"name": "Exam gloves M", "base_unit": "each", "abc": "B", "packs": [{"name": "box", "holds": 100}]}
    codes = [
        {"code": "00614141000012", "unit": "box"}, {"code": "04012345123456"}, {"code": "GLV-M"},
        {"code": "04012345123450"},
    ]  # fmt: skip
    done = counting.practice.act(
        "maria", "inventory.record_item", {"item_id": counting.gloves, **known, "codes": codes}
    )
    assert done.outcome == "applied", done
    counting.sees("dana", counting.gloves, 200)
    counting.does("dana", "submit")
    [item] = report(counting)["contained"]
    assert item["code"][0]["coding"] == [{"system": "https://www.gs1.org/gtin", "code": "04012345123456"}]


def test_only_managers_take_it_along_and_never_onto_a_device_for_counting(counting: Counting) -> None:
    counting.sees_all("dana")
    path = f"/inventory-reports/{counting.id}"
    assert counting.practice.browser("dana").get(path).status_code == 403
    assert counting.practice.browser().get(path).status_code in (303, 401)
    phone = counting.practice.tablet("Phone 1", "maria", "count")
    assert phone.get(path).status_code == 403
    manager = counting.practice.tablet("Phone 2", "maria", "manager_phone")
    assert report(counting, browser=manager)["countType"] == "snapshot"


def test_the_file_is_kept_by_no_cache_and_its_name_says_nothing(counting: Counting) -> None:
    counting.sees_all("dana")
    browser = counting.practice.browser("maria")
    answer = browser.get(f"/inventory-reports/{counting.id}?kind=difference")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/fhir+json; fhirVersion=5.0"
    assert answer.headers["content-disposition"] == 'attachment; filename="inventory-difference.json"'
    page = browser.get(f"/counts/{counting.id}/evidence").text
    for kind in ("snapshot", "difference"):
        assert f'href="/inventory-reports/{counting.id}?kind={kind}" download' in page


def test_what_is_no_count_of_this_site_or_no_kind_is_not_there(counting: Counting) -> None:
    browser = counting.practice.browser("maria")
    for path in ("nothing", counting.shelf,
                 f"{counting.id}?kind=everything"):  # fmt: skip
        assert browser.get(f"/inventory-reports/{path}").status_code == 404


def test_the_library_is_for_tests_alone() -> None:
    imports = re.compile(r"^\s*(?:from|import) (?:fhir|pydantic)\b", re.MULTILINE)
    assert [file.name for file in (ROOT / "backend").rglob("*.py") if imports.search(file.read_text())] == []
    assert "pydantic" not in (ROOT / "requirements.lock").read_text()
