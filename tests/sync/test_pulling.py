"""What a device is sent: what changed in the sheets it may hold, all of it, once, and nothing else."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import update

from backend.ids import new_id
from backend.pulling import since
from backend.staff.models import StaffMember
from tests.practice import Practice
from tests.tablets import Tablet

TODAY, TOMORROW = "visits/main/2026-11-23", "visits/main/2026-11-24"
ARRIVAL, BOOK = "checkin.record_arrival", "scheduling.book_visit"


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    opened = practice.tablet("Tablet 1")
    opened.sync()
    return opened


def own_digest(rows: dict[Any, Any]) -> str:
    """As a tablet works it out, from the protocol's text alone."""
    total = 0
    for (kind, id), (version, _) in rows.items():
        total += int.from_bytes(hashlib.sha256(f"{kind}\n{id}\n{version}".encode()).digest()[:16], "big")
    return f"{total % 2**128:032x}"


def book(practice: Practice, who: str, **changes: Any) -> None:
    known = {"visit_id": practice.visits[who], "patient_id": practice.patients[who]}
    practice.act("maria", BOOK, {**known, "starts_at": "2026-11-23T14:00:00Z", **changes})


def test_counts_and_digests_are_what_the_tablet_works_out_itself(practice: Practice, tablet: Tablet) -> None:
    steps = [
        lambda: None,
        lambda: practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]}),
        lambda: book(practice, "bruno", starts_at="2026-11-24T14:00:00Z"),
        lambda: book(practice, "bruno", patient_id=practice.patients["chiara"]),
        lambda: tablet.sync([tablet.command(ARRIVAL, {"visit_id": practice.visits["chiara"]})]),
    ]
    for step in steps:
        step()
        tablet.sync()
        answer = tablet.send(sheets={}).json()
        for name, page in answer["sheets"].items():
            assert page["fresh"], name
            assert page["count"] == len(tablet.sheets[name]) == len(page["rows"]), name
            assert page["digest"] == own_digest(tablet.sheets[name]), name


def test_nothing_new_is_an_empty_answer(tablet: Tablet) -> None:
    told = tablet.send().json()
    assert (told["sheets"], told["drop"], told["more"]) == ({}, [], False)


def test_receipts_come_last_so_that_rows_are_there_before_the_word(practice: Practice, tablet: Tablet) -> None:
    answer = tablet.send([tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})]).json()
    names = list(answer["sheets"])
    assert names[-1] == f"receipts/{tablet.replica_id}"
    assert TODAY in names


@pytest.mark.parametrize(
    "cursor",
    [
        "", "garbage", "null", "[]", '["e",1,"",""]', '["{epoch}",999999999,"",""]', '["{epoch}",-1,"",""]',
        '["{epoch}",1,"\\u0000",""]', '["{epoch}",99999999999999999999999,"",""]', '{"epoch":1}',
    ],
)  # fmt: skip
def test_a_foreign_cursor_is_answered_with_the_whole_sheet(tablet: Tablet, cursor: str) -> None:
    text = cursor.replace("{epoch}", str(tablet.epoch))
    answer = tablet.send(sheets={**tablet.cursors, TODAY: text})
    assert answer.status_code == 200
    assert list(answer.json()["sheets"]) == [TODAY]
    assert answer.json()["sheets"][TODAY]["fresh"] is True


def test_a_sheet_that_does_not_match_is_sent_afresh(tablet: Tablet) -> None:
    answer = tablet.send(mismatch=[TODAY]).json()
    assert list(answer["sheets"]) == [TODAY]
    assert answer["sheets"][TODAY]["fresh"] is True


def test_a_copy_that_differed_is_told_to_whoever_looks_after_the_devices(practice: Practice, tablet: Tablet) -> None:
    maria = practice.browser("maria")
    assert "Copy differed" not in maria.get("/devices/figures").text
    tablet.sync(mismatch=[TODAY])
    page = maria.get("/devices/figures").text
    assert "Copy differed" in page
    assert "8:30" in page[page.index("Copy differed") :]


def test_what_left_a_sheet_is_told_as_gone(practice: Practice, tablet: Tablet) -> None:
    book(practice, "alma", starts_at="2026-12-20T14:00:00Z")
    page = tablet.send().json()["sheets"][TODAY]
    gone = {(kind, id) for kind, id, _, body in page["rows"] if body is None}
    assert ("visit", practice.visits["alma"]) in gone
    assert ("patient", practice.patients["alma"]) in gone, "the last visit takes the patient along"
    assert ("contact", practice.patients["alma"]) in gone
    tablet.sync()
    assert tablet.row("patient", practice.patients["alma"]) is not None, "still in the patients' sheet"


def test_a_visit_moved_to_another_day_drags_its_patient_along(practice: Practice, tablet: Tablet) -> None:
    alma = practice.patients["alma"]
    assert practice.sheets_with("contact", alma) == {TODAY}
    book(practice, "alma", starts_at="2026-11-24T14:00:00Z")
    tablet.sync()
    assert practice.sheets_with("contact", alma) == {TOMORROW}
    assert ("contact", alma) in tablet.sheets[TOMORROW]
    assert ("contact", alma) not in tablet.sheets[TODAY]


def test_a_patient_with_two_visits_stays_until_the_second_leaves(practice: Practice, tablet: Tablet) -> None:
    alma, second = practice.patients["alma"], new_id()
    practice.act("maria", BOOK, {"visit_id": second, "patient_id": alma, "starts_at": "2026-11-23T19:00:00Z"})
    book(practice, "alma", starts_at="2026-11-24T14:00:00Z")
    assert practice.sheets_with("contact", alma) == {TODAY, TOMORROW}
    practice.act("maria", BOOK, {"visit_id": second, "patient_id": alma, "starts_at": "2026-11-24T19:00:00Z"})
    assert practice.sheets_with("contact", alma) == {TOMORROW}


def test_a_changed_phone_reaches_every_sheet_that_shows_the_patient(practice: Practice, tablet: Tablet) -> None:
    alma = {"patient_id": practice.patients["alma"], "source": "alma", "family": "Castellanos", "given": "Alma"}
    practice.act("maria", "patients.import_patient", {**alma, "phone": "5550100999"})
    changed = tablet.send().json()["sheets"]
    assert set(changed) == {TODAY, "patients/main"}
    for page in changed.values():
        assert [row[3]["phone"] for row in page["rows"] if row[0] == "patient"] == ["5550100999"]
    assert {row[0] for row in changed[TODAY]["rows"]} == {"patient", "contact"}


def test_small_pages_bring_everything_with_nothing_twice_or_missing(practice: Practice, tablet: Tablet) -> None:
    names = [TODAY, "office/main", "patients/main"]
    cursors: dict[str, Any] = {}
    held: dict[str, dict[Any, Any]] = {}
    times, more = 0, True
    while more:
        times += 1
        with practice.database.read() as session:
            pages, more = since(session, names, cursors, room=300)
        for name, page in pages.items():
            rows = {} if page.get("fresh") else held[name]
            assert not rows.keys() & {(kind, id) for kind, id, _, _ in page["rows"]}
            held[name] = {**rows, **{(kind, id): (version, body) for kind, id, version, body in page["rows"]}}
            cursors[name] = page["cursor"]
            assert ("digest" in page) == (name != list(pages)[-1] or not more)
    assert times > 10, "it took many pages"
    for name in names:
        assert own_digest(held[name]) == own_digest(tablet.sheets[name])


def test_a_tablet_at_the_desk_holds_five_days_and_its_own_attention(practice: Practice, tablet: Tablet) -> None:
    days = [f"visits/main/2026-11-{day}" for day in (20, 23, 24, 25, 26)]
    own = [f"attention/{practice.staff['ana']}", f"glass/{practice.staff['ana']}", f"receipts/{tablet.replica_id}"]
    assert sorted(tablet.sheets) == sorted([*days, "office/main", "patients/main", *own])


def test_the_day_rolls_over_by_one_sheet_appearing_and_one_dropping(practice: Practice, tablet: Tablet) -> None:
    before = set(tablet.sheets)
    practice.clock.forward(days=1)
    told = tablet.send().json()
    tablet.sync()
    assert told["drop"] == ["visits/main/2026-11-20"]
    assert set(tablet.sheets) - before == {"visits/main/2026-11-27"}
    assert before - set(tablet.sheets) == {"visits/main/2026-11-20"}


REVIEWING = {"counts/main", "counted/main", "items/main", "places/main"}
COUNTING = {"office/main", "attention/self", "receipts/self", "items/main", "places/main", "counts/main"}
MANAGING = {
    "approvals/main",
    "devices/main",
    "attention/main",
    "waits",
    "office/main",
    "attention/self",
    "receipts/self",
    *REVIEWING,
}
DESK = {"visits", "patients/main", "office/main", "attention/self", "glass/self", "receipts/self"}
SUPPLIES = {"items/main", "places/main", "stock/room"}


@pytest.mark.parametrize(
    ("purpose", "who", "expected"),
    [
        ("front_desk", "ana", DESK),
        ("front_desk", "maria", DESK),
        ("front_desk", "dana", {"office/main", "attention/self", "glass/self", "receipts/self"}),
        ("manager_phone", "maria", MANAGING),
        ("manager_phone", "ana", COUNTING),
        ("desk", "ana", DESK | SUPPLIES | {"counts/main"}),
        ("desk", "maria", DESK | MANAGING | SUPPLIES),
        ("desk", "dana", {"office/main", "attention/self", "glass/self", "receipts/self", "counts/main"} | SUPPLIES),
        ("count", "dana", COUNTING),
        ("count", "maria", COUNTING),
        ("count", "petra", {"office/main", "attention/self", "receipts/self"}),
    ],
)
def test_what_a_device_holds_is_its_purpose_times_the_role(
    practice: Practice, purpose: str, who: str, expected: set[str]
) -> None:
    tablet = practice.tablet("It", who, purpose)
    tablet.sync()
    own = {f"{what}/{practice.staff[who]}": f"{what}/self" for what in ("attention", "glass")}
    own |= {f"receipts/{tablet.replica_id}": "receipts/self", f"stock/{practice.cast.room}": "stock/room"}
    by_day = {name: name.split("/")[0] for name in tablet.sheets if name.startswith(("visits/", "waits/"))}
    held = {own.get(name, by_day.get(name, name)) for name in tablet.sheets}
    assert held == expected


def test_another_person_at_the_tablet_swaps_what_is_theirs(practice: Practice, tablet: Tablet) -> None:
    tablet.sign_in("ben")
    tablet.unlock()
    tablet.sync()
    assert f"attention/{practice.staff['ben']}" in tablet.sheets
    assert f"attention/{practice.staff['ana']}" not in tablet.sheets


def test_who_lost_the_role_holds_nothing_one_sync_later(practice: Practice, tablet: Tablet) -> None:
    with practice.database.write() as session:
        session.execute(update(StaffMember).where(StaffMember.id == practice.staff["ana"]).values(active=False))
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    assert list(tablet.sheets) == [f"receipts/{tablet.replica_id}"]
    assert tablet.receipt(entry)["code"] == "left_meanwhile", "what they hand in waits for a decision"


def test_a_tablet_whose_person_proves_nothing_hands_in_and_is_sent_no_row(practice: Practice, tablet: Tablet) -> None:
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    for lacking in ({"actor": None}, {"proof": None}, {"proof": "x" * 86}, {"actor": practice.staff["maria"]}):
        told = tablet.sync([entry], **lacking)
        assert (told["sheets"], told["acked_n"]) == ({}, 1)
    assert practice.entry(entry["command_id"]).outcome == "applied"
    tablet.sync()
    assert tablet.receipt(entry)["outcome"] == "applied"
