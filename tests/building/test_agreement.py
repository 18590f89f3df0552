"""What a command paints on a device is what the server then publishes, but for what only the server can know."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.app import ROOMS
from backend.clock import instant
from backend.commands import tag_of
from backend.ids import new_id
from backend.painting import Painted, paint
from backend.patients.pairing import FIELDS
from backend.shelf import Shelf
from backend.zones import transitions
from tests.building.count_scenes import COUNT_SCENES
from tests.building.scene import Made, Scene
from tests.building.supplied import SUPPLIES
from tests.building.truth_scenes import TRUTH_SCENES
from tests.practice import SITE, Practice, front

# The row does not say what was done before the last thing that was done.
UNDO_SERVER_DECIDES = {
    "last_command", "last_command_id", "can_undo", "status_before", "since_before", "next_before", "before",
}  # fmt: skip
ZONE = {"name": SITE.zone_name, "transitions": transitions(SITE.zone_name, 2023, 2029)}
DEVICE = "00000000-0000-7000-8000-0000000000d3"
IDENTIFIED, OTHERWISE = ["name", "birth_date"], ["phone", "address"]


def on(command: str, **fields: Any) -> Callable[[Practice], Made]:
    return lambda practice: (f"checkin.{command}", {"visit_id": practice.visits["alma"], **fields})


def walked_in(practice: Practice) -> Made:
    fields = {"visit_id": new_id(), "patient_id": practice.patients["bruno"], "type": "Office visit"}
    return "checkin.record_walk_in", {**fields, "provider_id": practice.cast.provider, "reason": "Sore throat"}


def registered(practice: Practice) -> Made:
    who = {"family": "Ñúñez", "given": "Zoë", "birth_date": "2001-05-06", "sex": "other", "phone": "5550100199"}
    rest = {"type": "Office visit", "provider_id": None, "reason": None}
    return "checkin.register_walk_in", {"visit_id": new_id(), "patient_id": new_id(), **who, **rest}


def cancelled(practice: Practice) -> Made:
    known = {"visit_id": practice.visits["alma"], "patient_id": practice.patients["alma"]}
    return "scheduling.book_visit", {**known, "starts_at": "2026-11-23T14:00:00Z", "status": "cancelled_by_patient"}


def closed(practice: Practice) -> Made:
    odd = practice.entries("checkin.check_in")[-1]
    return "sync.close_case", {"case_id": odd.command_id, "reason": "Asked at the desk"}


def enrolled(practice: Practice) -> Made:
    fields = {"device_id": DEVICE, "name": "Tablet 3", "purpose": "front_desk", "place": None}
    return "devices.enrol", fields


def to_it(command: str) -> Callable[[Practice], Made]:
    return lambda practice: (f"devices.{command}", {"device_id": DEVICE})


def in_an_emergency(practice: Practice) -> Made:
    fields = {"glass_id": new_id(), "reason": "He collapsed at the desk", "patient_id": practice.patients["bruno"]}
    return "privacy.break_glass", fields


def pair_said(command: str, **fields: Any) -> Callable[[Practice], Made]:
    def made(practice: Practice) -> Made:
        [pair] = practice.rows("duplicate_pair") or [{"id": new_id()}]
        return f"patients.{command}", {"pair_id": pair["id"], **fields}

    return made


def rule_changed(practice: Practice) -> Made:
    """Maria and another manager: what she asks for waits, because there is somebody to decide it."""
    with practice.database.read() as session:
        rule = Shelf(session).rows(["approvals/main"], "approval_rule")[0]
    fields = {name: rule[name] for name in ("amount_from", "levels", "first_roles", "second_roles", "expires_hours")}
    return "approvals.change_rule", {"rule_id": rule["id"], **fields, "manager_limit": 5000}


def joins(username: str, name: str) -> Callable[[Practice], Made]:
    def made(practice: Practice) -> Made:
        practice.staff[username] = new_id()
        who = {"staff_id": practice.staff[username], "name": name, "username": username, "roles": ["owner"]}
        return "staff.add_member", {**who, "site_id": SITE.id}

    return made


joined, joined_too = joins("olga", "Olga Brandt"), joins("marco", "Marco Silva")


def about_it(command: str, **fields: Any) -> Callable[[Practice], Made]:
    def made(practice: Practice) -> Made:
        with practice.database.read() as session:
            found = Shelf(session).rows(["approvals/main"], "approval")[0]
        return f"approvals.{command}", {"approval_id": found["id"], **fields}

    return made


def passed_on(practice: Practice) -> Made:
    command, fields = about_it("pass_on")(practice)
    return command, {**fields, "staff_id": practice.staff["marco"]}


MERGED = pair_said("merge", **dict.fromkeys(("survivor", *FIELDS), "first"))
APART = pair_said("tell_apart")
ARRIVED, IDENTITY, CHECKED = on("record_arrival"), on("check_identity", identifiers=IDENTIFIED), on("check_in")
SCENES = [
    Scene("somebody arrives", ARRIVED),
    Scene("somebody arrives whose visit was cancelled", ARRIVED, [cancelled]),
    Scene("somebody arrives a second time", ARRIVED, [ARRIVED], paints_nothing=True),
    Scene("somebody arrives who is checked in", ARRIVED, [ARRIVED, IDENTITY, CHECKED], paints_nothing=True),
    Scene("somebody is identified", IDENTITY, [ARRIVED]),
    Scene("somebody is identified before the arrival", IDENTITY),
    Scene(
        "somebody is identified again",
        on("check_identity", identifiers=["phone", "address"]),
        [IDENTITY],
        paints_nothing=True,
    ),
    Scene("somebody is identified after the check-in", IDENTITY, [ARRIVED, CHECKED]),
    Scene("somebody is checked in", CHECKED, [ARRIVED, IDENTITY]),
    Scene("somebody is checked in out of nothing", CHECKED),
    Scene("somebody is checked in without identifiers", CHECKED, [ARRIVED]),
    Scene("somebody is checked in twice", CHECKED, [ARRIVED, IDENTITY, CHECKED], paints_nothing=True),
    Scene("a known patient walks in", walked_in),
    Scene("a new patient walks in", registered),
    Scene("two records are merged", MERGED, [registered, registered]),
    Scene("two records are told apart", APART, [registered, registered]),
    Scene("a merge is undone", MERGED, [registered, registered], undoes=True),
    Scene("two people are compared again", APART, [registered, registered], undoes=True),
    Scene("a case is closed", closed, [CHECKED]),
    Scene("a device is retired", to_it("retire"), [enrolled], who="maria"),
    Scene("a device is retired twice", to_it("retire"), [enrolled, to_it("retire")], paints_nothing=True, who="maria"),
    Scene("a device is lost", to_it("mark_lost"), [enrolled], who="maria"),
    Scene("a retired device is lost", to_it("mark_lost"), [enrolled, to_it("retire")], who="maria"),
    Scene("a lost device is brought back", to_it("bring_back"), [enrolled, to_it("mark_lost")], who="maria"),
    Scene("a device in use is brought back", to_it("bring_back"), [enrolled], paints_nothing=True, who="maria"),
    Scene("a request is approved", about_it("approve"), [joined, rule_changed], by="olga", who="maria"),
    Scene("a request is declined", about_it("decline", reason="No"), [joined, rule_changed], by="olga", who="maria"),
    Scene("a manager asks back", about_it("ask_back", question="Why?"), [joined, rule_changed], by="olga", who="maria"),
    Scene("a request is passed on", passed_on, [joined, joined_too, rule_changed], by="olga", who="maria"),
    Scene("the asker answers", about_it("answer", answer="So"), [joined, rule_changed], who="maria"),
    Scene("the asker withdraws", about_it("withdraw"), [joined, rule_changed], who="maria"),
    Scene("somebody declares an emergency", in_an_emergency),
    *SUPPLIES,
    Scene("an arrival is undone", ARRIVED, undoes=True),
    Scene("an arrival of a cancelled visit is undone", ARRIVED, [cancelled], undoes=True),
    Scene("an identification is undone", IDENTITY, [ARRIVED], undoes=True),
    Scene("a check-in is undone", CHECKED, [ARRIVED, IDENTITY], undoes=True),
    Scene("a check-in out of nothing is undone", CHECKED, undoes=True),
    Scene("a walk-in is undone", walked_in, undoes=True),
    Scene("a registration is undone", registered, undoes=True),
    *COUNT_SCENES,
    *TRUTH_SCENES,
]


def seen_by(practice: Practice, fields: dict[str, Any]) -> str | None:
    """The hash that a decision carries."""
    pair = practice.row("duplicate_pair", fields.get("pair_id", ""))
    row = practice.row("approval", fields.get("approval_id", "")) or pair
    return None if row is None else row["hash"]


def painted_by(
    practice: Practice, who: str, command: str, fields: dict[str, Any], command_id: str
) -> dict[Any, dict[str, Any]]:
    """What a device would show: the painted rows, and of each only what the paint changed."""
    entry = {
        "command_id": command_id, "command": command, "fields": fields, "actor": practice.staff[who], "device": None,
        "made_at": instant(practice.clock.now()), "site": SITE.id, "today": "2026-11-23", "new": {}, "fate": "waiting",
    }  # fmt: skip
    manifest = front()[1].manifest
    changes = {}
    with practice.database.read() as session:
        base = Shelf(session)
        painted: Painted = paint(base, [entry], manifest["commands"], manifest["ranks"], ZONE)
        for name in painted.touched:
            kind, _, id = name.partition(":")
            row, before = painted.get(kind, id), base.get(kind, id, ["*"]) or {}
            if row is None:
                changes[kind, id] = {"gone": True}
                continue
            changes[kind, id] = {name: row[name] for name in row if name not in before or row[name] != before[name]}
    return changes


@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_the_paint_agrees_with_the_office(practice: Practice, scene: Scene) -> None:
    for made in scene.before:
        practice.act(scene.who, *made(practice))
        practice.clock.forward(minutes=3)
    (command, fields), command_id = scene.command(practice), new_id()
    kinds = practice.office.performer.kinds
    allowed = {"id", "kind", "version", *kinds[command, 1].server_decides}
    if scene.undoes:
        practice.act(scene.who, command, fields, command_id=command_id, seen=seen_by(practice, fields))
        practice.clock.forward(minutes=3)
        command, fields, command_id = "undo", {"command_id": command_id}, new_id()
        allowed = UNDO_SERVER_DECIDES
    seen = seen_by(practice, fields)
    painted = painted_by(practice, scene.by or scene.who, command, fields, command_id)
    receipt = practice.act(scene.by or scene.who, command, fields, command_id=command_id, seen=seen)
    assert receipt.outcome in ("applied", "flagged", *(["noop"] if scene.paints_nothing else [])), receipt
    differing = {}
    for (kind, id), changes in painted.items():
        published = practice.row(kind, id) or {"gone": True, **({"open": False} if kind == "case" else {})}
        wrong = {name: (value, published.get(name)) for name, value in changes.items() if published.get(name) != value}
        differing |= {f"{kind}.{name}": pair for name, pair in wrong.items() if name not in allowed}
    assert differing == {}, "painted, then published"
    assert painted or scene.paints_nothing


def test_every_command_that_paints_has_a_scene(practice: Practice) -> None:
    painting = {tag_of(kind) for room in ROOMS for kind in room.commands if kind.effect}
    undoing = {tag_of(kind) for room in ROOMS for kind in room.commands if kind.undo}
    practice.act("ana", *CHECKED(practice))
    for made in (joined, joined_too, rule_changed):
        practice.act("maria", *made(practice))
    assert {scene.command(practice)[0] for scene in SCENES} >= painting
    assert {scene.command(practice)[0] for scene in SCENES if scene.undoes} == undoing
