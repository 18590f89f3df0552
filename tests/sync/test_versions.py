"""Versions while devices are away: what was said in any version ever shipped is decided, never dropped (I18)."""

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from backend.commands import FACT, REQUEST, Command, handles, undoes, upcast, upcasts
from backend.deciding import Sent
from backend.fields import Id, Label, Text80
from backend.house import Room, kinds_of
from backend.ids import new_id
from backend.performing import perform
from backend.timetable import asked_by_office
from backend.work import Work
from tests.practice import SITE, Practice
from tests.recorded import KINDS, recorded, shape_of

NEVER = {"unknown_command", "unreadable", "our_fault"}
KEYS: list[dict[str, Any]] = []


class HandOut(Command, tag="checkin.hand_out", v=3, truth=FACT, title="Handed out a key"):
    """Somebody was given a key: at first one by its number, then several, now with the reason in a field of its own."""

    keys: list[int]
    reason: Annotated[Text80, Meta(min_length=1), Label("What for")]


@upcasts(HandOut, 1)
def several_keys(fields: dict[str, Any], was: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    fields["keys"] = [fields.pop("key")]
    return fields, was


@upcasts(HandOut, 2)
def with_a_reason(fields: dict[str, Any], was: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    fields["reason"] = fields.pop("note") or "Not said"
    return fields, {"reason": was["note"]} if "note" in was else was


@handles(HandOut)
def hand_out(given: HandOut, work: Work) -> None:
    KEYS.append({"id": work.command_id, "keys": given.keys, "reason": given.reason, "was": work.was})
    if given.reason == "?":
        work.flag("odd", "Ask what the key was for.")


@undoes(HandOut)
def take_key_back(command_id: str, given: HandOut, _work: Work) -> None:
    KEYS.append({"id": command_id, "keys": [-key for key in given.keys]})


class AskFor(Command, tag="checkin.ask_for", v=2, truth=REQUEST, title="Asked for a key"):
    """Somebody asked for a key."""

    key: int
    person_id: Id


@upcasts(AskFor, 1)
def by_number(fields: dict[str, Any], was: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"key": int(fields["key"]), "person_id": fields["person_id"]}, was


@handles(AskFor)
def ask_for(asked: AskFor, _work: Work) -> None:
    KEYS.append({"keys": [asked.key]})


@pytest.fixture
def lobby(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """The practice after a release in which two commands of a room have new versions."""
    KEYS.clear()
    for key, kind in kinds_of([Room("lobby", commands=[HandOut, AskFor])]).items():
        monkeypatch.setitem(practice.office.performer.kinds, key, kind)
    return practice


def test_each_version_of_each_command_has_a_recorded_example() -> None:
    examples = {(each.command, each.v) for each in recorded()}
    assert len(examples) == len(recorded()), "one of each"
    assert examples == KINDS.keys()


def test_the_fields_of_a_command_change_only_with_its_version() -> None:
    shapes = {(each.command, each.v): each.shape for each in recorded()}
    changed = [tag for (tag, v), kind in KINDS.items() if v == kind.v and shape_of(kind) != shapes[tag, v]]
    assert changed == [], "give it a new version with an upcaster, and record an example (python -m tests.recorded)"


def test_a_change_of_fields_without_a_new_version_would_be_noticed() -> None:
    class Before(Command, tag="checkin.lock", title="Locked"):
        """The lobby was locked."""

        door: Text80

    class Renamed(Command, tag="checkin.lock", title="Locked"):
        """The lobby was locked."""

        gate: Text80

    class Narrowed(Command, tag="checkin.lock", title="Locked"):
        """The lobby was locked."""

        door: Annotated[str, Meta(max_length=79)]

    class Reworded(Command, tag="checkin.lock", title="Locked up"):
        """The lobby was locked up for the night."""

        door: Annotated[Text80, Label("Which door")]

    assert shape_of(Renamed) != shape_of(Before) != shape_of(Narrowed)
    assert shape_of(Reworded) == shape_of(Before)


def test_every_recorded_example_is_read_by_the_present_version() -> None:
    for each in recorded():
        before = msgspec.json.encode((each.fields, each.was))
        kind = KINDS[each.command, each.v]
        fields, _ = upcast(kind, each.v, each.fields, each.was)
        msgspec.convert({**fields, "command": each.command}, kind)
        assert msgspec.json.encode((each.fields, each.was)) == before, "what was said stays as it was said"


def test_every_recorded_example_that_comes_from_a_tablet_is_decided(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1", "maria")
    entries = [tablet.command(each.command, each.fields, v=each.v, was=each.was) for each in recorded()]
    for start in range(0, len(entries), 200):
        tablet.sync(entries[start : start + 200])
    receipts = {(entry["command"], entry["v"]): tablet.receipt(entry) for entry in entries}
    odd = {name: receipt["code"] for name, receipt in receipts.items() if receipt["code"] in NEVER}
    assert odd == {}
    assert {receipt["code"] for receipt in receipts.values()} > {"not_for_device"}, "some were tried"
    assert {practice.entry(entry["command_id"]).v for entry in entries} == {each.v for each in recorded()}


def test_every_recorded_example_is_decided_whoever_may_give_it(practice: Practice) -> None:
    asked = asked_by_office(SITE, practice.clock.now())
    odd = {}
    for each in recorded():
        sent = Sent(command_id=new_id(), command=each.command, v=each.v, fields=each.fields, was=each.was)
        receipt = perform(sent, asked, practice.office.performer)
        if receipt.code in NEVER:
            odd[each.command, each.v] = receipt
    assert odd == {}


def test_a_tablet_ninety_days_away_hands_in_fifty_entries_of_an_older_version(lobby: Practice) -> None:
    tablet = lobby.tablet("Tablet 1")
    tablet.sync()
    entries = [
        tablet.command("checkin.hand_out", {"key": key, "note": "" if key % 2 else "For the cleaners"}, v=1)
        for key in range(50)
    ]
    lobby.later(days=90)
    tablet.sync(entries)
    assert {tablet.receipt(entry)["outcome"] for entry in entries} == {"applied"}
    assert [kept["keys"] for kept in KEYS] == [[key] for key in range(50)]
    assert [kept["reason"] for kept in KEYS[:2]] == ["For the cleaners", "Not said"]
    kept = lobby.entry(entries[0]["command_id"])
    assert (kept.v, msgspec.json.decode(kept.payload)["fields"]) == (1, entries[0]["fields"]), "as it was said"
    tablet.sync(entries)
    assert len(KEYS) == 50, "again the same, and no alarm"
    assert lobby.rows("case") == []


def test_what_was_there_before_an_edit_is_said_as_the_present_version_says_it(lobby: Practice) -> None:
    lobby.act("ana", "checkin.hand_out", {"keys": [4], "note": "Boiler"}, v=2, was={"note": "Cellar"})
    assert (KEYS[0]["reason"], KEYS[0]["was"]) == ("Boiler", {"reason": "Cellar"})


def test_a_card_shows_an_older_entry_under_the_present_labels(lobby: Practice) -> None:
    receipt = lobby.act("ana", "checkin.hand_out", {"key": 7, "note": "?"}, v=1)
    assert receipt.outcome == "flagged"
    case = lobby.row("case", receipt.command_id)
    assert case is not None
    assert case["details"] == ["Keys: 7", "What for: ?"]


def test_an_older_entry_is_undone_as_what_it_means_now(lobby: Practice) -> None:
    given = lobby.act("ana", "checkin.hand_out", {"key": 7, "note": "Cellar"}, v=1)
    assert lobby.act("ana", "undo", {"command_id": given.command_id}).outcome == "applied"
    assert KEYS[-1] == {"id": given.command_id, "keys": [-7]}


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("checkin.hand_out", {}),
        ("checkin.hand_out", {"keys": "x"}),
        ("checkin.ask_for", {"key": "seven", "person_id": "x"}),
    ],
)
def test_an_older_entry_that_nobody_can_turn_is_held_and_the_batch_goes_on(
    lobby: Practice, command: str, fields: dict[str, Any]
) -> None:
    tablet = lobby.tablet("Tablet 1")
    odd = tablet.command(command, fields, v=1)
    good = tablet.command("checkin.ask_for", {"key": "7", "person_id": new_id()}, v=1)
    tablet.sync([odd, good])
    assert (tablet.receipt(odd)["outcome"], tablet.receipt(odd)["code"]) == ("held", "our_fault")
    assert tablet.receipt(good)["outcome"] == "applied"
    assert lobby.row("case", odd["command_id"]) is not None


def test_a_release_that_forgot_an_older_version_does_not_start() -> None:
    class Forgetful(Command, tag="checkin.forget", v=2, title="Forgot"):
        """Nobody turns its first version into the present one."""

    handles(Forgetful)(lambda _command, _work: None)
    with pytest.raises(ValueError, match="nobody upcasts version 1 of Forgetful"):
        kinds_of([Room("lobby", commands=[Forgetful])])
    with pytest.raises(ValueError, match="Forgetful needs one upcaster"):
        upcasts(Forgetful, 2)(lambda fields, was: (fields, was))
