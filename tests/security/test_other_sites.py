"""Nobody at one site of the practice reads or changes what is another site's, by whatever way in."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from backend.app import ROOMS
from backend.commands import tag_of
from backend.feed import seen_row, sheet_row
from backend.ids import new_id
from tests.practice import MORNING, STAFF, Practice
from tests.security.second_site import MARKED, NORTH, North, open_north
from tests.security.things import fields_for

KINDS = [kind for room in ROOMS for kind in room.commands]
DAY = str(MORNING.date())


@pytest.fixture
def north(practice: Practice) -> North:
    return open_north(practice)


def theirs(practice: Practice) -> dict[str, Any]:
    """Every row that stands in a sheet of the second site, and the sheets in which each stands."""
    with practice.database.read() as session:
        c = sheet_row.c
        query = select(c.sheet, c.kind, c.id, seen_row.c.body).where(c.present, c.kind == seen_row.c.kind)
        found = session.execute(query.where(c.id == seen_row.c.id, c.kind != "receipt")).all()
    rows = {(row.kind, row.id) for row in found if f"/{NORTH.id}" in row.sheet}
    return {f"{row.sheet} {row.kind} {row.id}": row.body for row in found if (row.kind, row.id) in rows}


def names_nobody(text: str) -> bool:
    return not any(word in text for word in MARKED)


@pytest.mark.parametrize("who", STAFF)
def test_no_command_of_anybody_here_touches_what_is_theirs(practice: Practice, north: North, who: str) -> None:
    before, ids = theirs(practice), north.ids()
    for kind in KINDS:
        names = [one.name for one in msgspec.structs.fields(kind)]
        for aimed in (dict(ids), *({name: ids[name]} for name in names if name in ids)):
            for site_id in (NORTH.id, "main"):
                given = fields_for(kind, {**aimed, "site_id": site_id})
                receipt = practice.act(who, tag_of(kind), given)
                assert receipt.code != "our_fault", f"{tag_of(kind)}: a bug of ours"
                assert names_nobody(receipt.say), f"{tag_of(kind)} tells who it is"
    assert theirs(practice) == before


@pytest.mark.parametrize("who", ["ana", "maria"])
def test_no_tablet_here_is_sent_what_is_theirs(practice: Practice, north: North, who: str) -> None:
    purpose = "desk" if who == "maria" else "front_desk"
    tablet, ids = practice.tablet("Tablet 1", who, purpose), north.ids()
    batch = [tablet.command(tag_of(kind), fields_for(kind, {**ids, "site_id": NORTH.id})) for kind in KINDS]
    sheets = {f"{name}/{NORTH.id}": "" for name in ("office", "patients", "attention", "devices")}
    tablet.cursors = {**sheets, f"visits/{NORTH.id}/{DAY}": "", f"attention/{north.staff['nora']}": ""}
    tablet.sync(batch)
    assert tablet.sheets, "it is sent what is its own"
    assert names_nobody(str(tablet.sheets))
    assert not [name for name in tablet.sheets if NORTH.id in name or north.staff["nora"] in name]


def test_no_page_part_or_search_here_shows_what_is_theirs(practice: Practice, north: North) -> None:
    for who in STAFF:
        browser = practice.browser(who)
        for page in practice.office.answering.manifest["pages"]:
            for pattern in page["paths"]:
                path = address(pattern, north)
                for query in ("", *(f"?_part={name}&visit_id={north.visit}" for name in page["parts"])):
                    for more in ("", f"&site={NORTH.id}&actor={north.staff['nora']}"):
                        answer = browser.get(path + (query or "?x=") + more)
                        assert answer.status_code < 500
                        assert names_nobody(answer.text), path
            if page["find"]:
                for words in MARKED:
                    answer = browser.post(f"/find/{page['name']}", {"q": words, "day": DAY, "site": NORTH.id}, True)
                    assert "Zephyrine" not in answer.text.replace(f'value="{words}"', "")


@pytest.mark.parametrize("who", STAFF)
def test_no_form_here_changes_what_is_theirs(practice: Practice, north: North, who: str) -> None:
    browser, before, ids = practice.browser(who), theirs(practice), north.ids()
    kinds = {tag_of(kind): kind for kind in KINDS}
    for post in practice.office.answering.manifest["posts"]:
        kind = kinds.get(post["command"])
        given = fields_for(kind, ids) if kind else {"command_id": new_id()}
        given |= {f"_new.{name.removesuffix('_id')}": id for name, id in ids.items()}
        for partial in (False, True):
            answer = browser.post(address(post["path"], north), given, partial)
            assert answer.status_code < 500
            assert names_nobody(answer.text), post["path"]
    assert theirs(practice) == before


def address(pattern: str, north: North) -> str:
    """The pattern with the second site's ids in it."""
    known = {**north.ids(), "case_id": north.visit, "device_id": north.visit, "day": DAY}
    parts = [part.strip("{}").split(":")[0] if part.startswith("{") else part for part in pattern.split("/")]
    return "/".join(
        known.get(part, north.visit) if before.startswith("{") else part
        for part, before in zip(parts, pattern.split("/"), strict=True)
    )


def test_what_somebody_there_did_is_undone_and_closed_by_nobody_here(practice: Practice, north: North) -> None:
    nora, nils = practice.browser("nora"), practice.browser("nils")
    assert nora.post(f"/checkin/{DAY}/{north.visit}/check-in").status_code == 303
    [entry] = practice.entries("checkin.check_in")
    assert entry.outcome == "flagged", "so there is a case of theirs"
    before, closing = theirs(practice), {"case_id": entry.command_id, "reason": "gone"}
    assert practice.act("maria", "undo", {"command_id": entry.command_id}).outcome == "refused"
    assert practice.act("maria", "sync.close_case", closing).outcome == "refused"
    assert theirs(practice) == before
    assert nils.post(f"/attention/office/{entry.command_id}/close", {"reason": "seen"}).status_code == 303
    assert practice.row("case", entry.command_id) is None, "their own manager closes it"


def test_a_case_of_theirs_does_not_move_here_when_somebody_sends_its_number(practice: Practice, north: North) -> None:
    nora = practice.browser("nora")
    nora.post(f"/checkin/{DAY}/{north.visit}/check-in")
    [entry] = practice.entries("checkin.check_in")
    tablet = practice.tablet("Tablet 1")
    copied = tablet.command("checkin.record_arrival", {"visit_id": new_id()}, command_id=entry.command_id)
    tablet.sync([copied])
    assert practice.sheets_with("case", entry.command_id) == {f"attention/{NORTH.id}", f"attention/{entry.actor_id}"}
    assert entry.command_id not in str(tablet.sheets), "nor is the tablet told what became of it"


def test_a_likeness_to_somebody_there_is_not_told_here(practice: Practice, north: North) -> None:
    given, family, born, phone = MARKED
    who = {"given": given, "family": family, "birth_date": born, "phone": phone, "sex": "female", "type": "Walk-in"}
    made = {"visit_id": new_id(), "patient_id": new_id()}
    receipt = practice.act("ana", "checkin.register_walk_in", {**who, **made})
    assert receipt.outcome == "applied"
    assert "MRN" not in receipt.say


def test_a_device_of_one_site_is_not_opened_by_somebody_of_another(practice: Practice, north: North) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sign_in("nils")
    answer = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"replica_id": tablet.replica_id})
    assert answer.status_code == 403
    assert "share" not in answer.json()
    assert "Alma" not in tablet.get("/checkin").text
