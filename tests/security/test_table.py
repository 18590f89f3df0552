"""Who may see and do what, held against a table written by hand: purpose x role x page x sheet x command."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import update

from backend.app import ROOMS
from backend.commands import Undo, tag_of
from backend.devices.models import DeviceRecord
from backend.identity import PURPOSES, ROLES
from backend.ids import new_id
from backend.staff.models import StaffMember
from tests.practice import MORNING, Practice
from tests.security.table import COMMANDS, FROM_THE_OFFICE, HANDED_IN, KNOWN_PURPOSES, KNOWN_ROLES, OWN, PAGES, SHEETS
from tests.security.things import fields_for

EXTEND = "is not in the table of tests/security/table.py. Decide who may, write it there, and run this again."
NOT_THEIRS = ("Ask the office manager.", "This needs the office", "Only a manager sees to the devices.")
KINDS = [Undo, *(kind for room in ROOMS for kind in room.commands)]


def roles_for(command: str) -> set[str]:
    """The table's word on a command."""
    found = COMMANDS.get(command, COMMANDS.get(f"{command.split('.')[0]}.*"))
    assert found is not None, f"The command {command} {EXTEND}"
    return found


def may_hand_in(purpose: str, command: str) -> bool:
    """The table's word on a command that comes from a device."""
    return bool({command, f"{command.split('.')[0]}.*"} & HANDED_IN[purpose])


def stem(sheet: str, site_id: str = "{site}") -> str:
    """`visits` of `visits/main/2026-11-23`."""
    first, _, rest = sheet.partition("/")
    return first if first != "attention" else f"attention {'site' if rest == site_id else 'own'}"


def may_hold(purpose: str, roles: set[str], stems: set[str]) -> bool:
    return all(one in OWN or roles & SHEETS[one].get(purpose, set()) for one in stems)


def open_a_count(practice: Practice) -> None:
    """So that there are lines of a count to be sent."""
    item_id = new_id()
    kept = {"name": "Gauze", "base_unit": "each", "abc": "C"}
    practice.act("maria", "inventory.record_item", {"item_id": item_id, **kept})
    fields = {"count_id": new_id(), "kind": "spot", "place_id": practice.cast.room, "item_id": item_id}
    assert practice.act("maria", "counts.ask", fields).outcome == "applied"


def give_roles(practice: Practice, who: str, roles: set[str]) -> None:
    """As a manager would, but at once."""
    with practice.database.write() as session:
        known = update(StaffMember).where(StaffMember.id == practice.staff[who])
        session.execute(known.values(roles=" ".join(sorted(roles))))


def give_purpose(practice: Practice, device_id: str, purpose: str) -> None:
    with practice.database.write() as session:
        session.execute(update(DeviceRecord).where(DeviceRecord.id == device_id).values(purpose=purpose))


def address(practice: Practice, pattern: str, **more: str) -> str:
    """The pattern with things of the practice in it."""
    known = {"day": str(MORNING.date()), "visit_id": practice.visits["alma"], "patient_id": practice.patients["alma"]}
    known |= more
    parts = []
    for part in pattern.split("/"):
        name = part.strip("{}").split(":")[0]
        parts.append(known.get(name, practice.staff["ana"]) if part.startswith("{") else part)
    return "/".join(parts)


def test_the_table_knows_every_purpose_role_sheet_page_and_command(practice: Practice) -> None:
    pages: list[dict[str, Any]] = practice.office.answering.manifest["pages"]
    stems = {stem(sheet) for page in pages for sheet in page["sheets"]}
    stems |= {stem(sheet) for purpose in PURPOSES.values() for sheet in purpose.sheets}
    for kind, there, known in (
        ("purpose", set(PURPOSES), KNOWN_PURPOSES),
        ("role", set(ROLES), KNOWN_ROLES),
        ("sheet", stems - OWN, set(SHEETS)),
        ("page", {page["name"] for page in pages}, set(PAGES)),
    ):
        assert there - known == set(), f"The {kind} {sorted(there - known)[:1]} {EXTEND}"
        assert known - there == set(), (
            f"There is no {kind} {sorted(known - there)[:1]} any more; take it from the table."
        )
    for kind in KINDS:
        roles_for(tag_of(kind))


@pytest.mark.parametrize("purpose", [None, *PURPOSES])
def test_every_page_opens_exactly_for_whom_the_table_names(practice: Practice, purpose: str | None) -> None:
    browser = practice.tablet("Tablet 1", "ana", purpose) if purpose else practice.browser("ana")
    other = practice.tablet("Tablet 2").device_id
    pages = practice.office.answering.manifest["pages"]
    for role, page in product([*ROLES, ""], pages):
        give_roles(practice, "ana", {role})
        roles, stems = PAGES[page["name"]]
        held = page["name"] in FROM_THE_OFFICE or may_hold(purpose or "desk", {role}, stems)
        allowed = role in roles and held
        for path in page["paths"]:
            answer = browser.get(address(practice, path, device_id=other))
            said = f"{page['name']} for {role or 'nobody in particular'} on {purpose or 'a browser'}"
            assert answer.status_code == (200 if allowed else 403), said
            assert answer.headers["cache-control"] == "no-store"
            if not allowed:
                assert any(words in answer.text for words in NOT_THEIRS), said
                assert "Castellanos" not in answer.text
        if page["find"]:
            answer = browser.post(f"/find/{page['name']}", {"q": "cas"}, partial=True)
            assert (answer.status_code == 200) == allowed, said
            assert allowed or "Castellanos" not in answer.text


def test_nobody_is_shown_any_page_and_led_to_the_sign_in(practice: Practice) -> None:
    for page in practice.office.answering.manifest["pages"]:
        for path in page["paths"]:
            answer = practice.browser().get(address(practice, path))
            assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_device_is_sent_exactly_the_sheets_that_the_table_names(practice: Practice, purpose: str) -> None:
    open_a_count(practice)
    tablet = practice.tablet("Tablet 1", "ana", purpose)
    for role in (*ROLES, ""):
        give_roles(practice, "ana", {role})
        tablet.cursors, tablet.sheets = {}, {}
        tablet.sync()
        got = {stem(name, "main") for name in tablet.sheets} - OWN
        assert got == {one for one in SHEETS if role in SHEETS[one].get(purpose, set())}, f"{role} on {purpose}"
        assert ("Castellanos" in str(tablet.sheets)) == ("patients" in got)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_command_is_decided_by_whose_it_is(practice: Practice, purpose: str) -> None:
    tablet = practice.tablet("Tablet 1", "ana", purpose)
    ids = {"visit_id": practice.visits["alma"], "patient_id": practice.patients["alma"], "site_id": "main"}
    # These may change who Ana is or what her tablet is for, so they come last and one by one.
    alone = [kind for kind in KINDS if tag_of(kind).startswith(("staff.", "devices."))]
    rest = [kind for kind in KINDS if kind not in alone]
    for role in (*ROLES, ""):
        sent_of = {}
        for kinds in (rest, *([kind] for kind in alone)):
            give_roles(practice, "ana", {role})
            sent_of |= {kind: tablet.command(tag_of(kind), fields_for(kind, ids)) for kind in kinds}
            assert tablet.send([sent_of[kind] for kind in kinds]).status_code == 200
        for kind, sent in sent_of.items():
            entry = practice.entry(sent["command_id"])
            said = f"{tag_of(kind)} by {role or 'nobody in particular'} on {purpose}: {entry.outcome}, {entry.code}"
            assert entry.code != "our_fault", said
            if not may_hand_in(purpose, tag_of(kind)):
                assert (entry.outcome, entry.code) == ("held", "not_for_device"), said
            elif role in roles_for(tag_of(kind)):
                assert entry.code not in ("not_allowed", "not_for_device"), said
            else:
                assert entry.outcome in ("held", "refused"), said
                assert entry.code == "not_allowed", said


@pytest.mark.parametrize("purpose", [None, *PURPOSES])
def test_a_form_does_what_its_device_is_for_and_nothing_else(practice: Practice, purpose: str | None) -> None:
    browser = practice.tablet("Tablet 1", "maria", purpose) if purpose else practice.browser("maria")
    for post in practice.office.answering.manifest["posts"]:
        answer = browser.post(address(practice, post["path"]), {})
        refused = "A device of this kind does not do such work." in answer.text
        assert refused == (not may_hand_in(purpose or "desk", post["command"])), post["path"]
        # What may be done here, but whose page is another device's, is refused as that page is.
        elsewhere = any(words in answer.text for words in NOT_THEIRS)
        assert (answer.status_code == 403) == (refused or elsewhere), post["path"]
