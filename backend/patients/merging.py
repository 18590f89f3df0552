"""Two records of one person become one: by a person, field by field, and back again."""

import json
from datetime import date
from typing import Annotated, Any

from sqlalchemy import select

from backend.commands import REQUEST, Command, handles, undoes
from backend.effects import Patch, Undoing
from backend.errors import Held, Missing, Refused
from backend.fields import Choice, Id, Label
from backend.patients.aliases import show_whose
from backend.patients.answering import close_card, close_cards_of, open_card_again, open_cards_of
from backend.patients.changing import GROUPS, spelled
from backend.patients.history import keep_change
from backend.patients.history import spelled as spelled_identity
from backend.patients.models import DuplicatePair, Patient
from backend.patients.pairing import FIELDS, hash_of, hear
from backend.patients.registering import publish_patient
from backend.values import actor, command, field, now
from backend.work import Work

Which = Choice("first", "second")
OPEN = Undoing(
    "duplicate_pair",
    state="open", decided_at=None, decided_by=None, last_command=None, last_command_id=None, can_undo=False
)  # fmt: skip


def decided(tag: str, state: str) -> dict[str, object]:
    """The pair once somebody has said what it is."""
    return Patch(
        "duplicate_pair", field.pair_id,
        state=state, decided_at=now, decided_by=actor, last_command=tag, last_command_id=command, can_undo=True,
    )  # fmt: skip


class MergePatients(
    Command,
    tag="patients.merge",
    truth=REQUEST,
    title="Merged two records",
    effect=[decided("patients.merge", "merged")],
    undo=OPEN,
    server_decides=("decided_at",),
):
    """Somebody compared two records, said that they are of one person, and which of each two values stays."""

    pair_id: Id
    survivor: Annotated[Which, Label("Record that stays")]  # type: ignore[valid-type]
    family: Annotated[Which, Label("Last name")]  # type: ignore[valid-type]
    given: Annotated[Which, Label("First name")]  # type: ignore[valid-type]
    birth_date: Annotated[Which, Label("Birth date")]  # type: ignore[valid-type]
    sex: Annotated[Which, Label("Sex")]  # type: ignore[valid-type]
    phone: Annotated[Which, Label("Phone")]  # type: ignore[valid-type]
    email: Annotated[Which, Label("E-mail")]  # type: ignore[valid-type]
    address: Annotated[Which, Label("Address")]  # type: ignore[valid-type]


@handles(MergePatients)
def merge(merging: MergePatients, work: Work) -> None:
    pair = find_pair(merging.pair_id, work)
    if pair.state == "merged":
        return work.noop("already_merged", "Somebody has already merged these two.")
    if pair.state == "different":
        raise Refused("Somebody said that these are two people. Undo that first.", "told_apart")
    first, second = both(pair, work)
    if first.merged_into or second.merged_into:
        raise Refused("One of the two is merged with another record by now. Look at that one.", "merged_elsewhere")
    if work.seen != hash_of(first, second):
        raise Held("One of the two records changed after it was shown. Compare them again.", "changed_since")

    stays, goes = (first, second) if merging.survivor == "first" else (second, first)
    taken = [name for name in FIELDS if getattr(merging, name) != merging.survivor]
    columns = [column for name in taken for column in FIELDS[name]]
    before = {column: [plain(getattr(stays, column)), plain(getattr(goes, column))] for column in columns}
    keep_taken(stays, {column: getattr(goes, column) for column in columns}, work)
    goes.merged_into = stays.id
    pair.before = json.dumps({"survivor": stays.id, "values": before})
    decide(pair, "merged", work)
    close_cards_of(goes, work)
    show_both(pair, work)
    return None


class TellApart(
    Command,
    tag="patients.tell_apart",
    truth=REQUEST,
    title="Two different people",
    effect=[decided("patients.tell_apart", "different")],
    undo=OPEN,
    server_decides=("decided_at",),
):
    """Somebody compared two records and said that they are of two people. Nobody is asked again."""

    pair_id: Id


@handles(TellApart)
def tell_apart(telling: TellApart, work: Work) -> None:
    pair = find_pair(telling.pair_id, work)
    if pair.state == "different":
        return work.noop("already_told_apart", "Somebody has already said that these are two people.")
    if pair.state == "merged":
        raise Refused("Somebody has merged these two. Undo that first.", "merged")
    decide(pair, "different", work)
    return None


@undoes(MergePatients)
def unmerge(command_id: str, _merging: MergePatients, work: Work) -> None:
    """Both records are as they were. What was made for the survivor since stays there, and so do later corrections."""
    pair = decided_by(command_id, work)
    if pair is None:
        return work.noop("already_undone", "It was already undone.")
    first, second = both(pair, work)
    kept = json.loads(pair.before or "{}")
    stays, goes = (first, second) if kept["survivor"] == first.id else (second, first)
    if goes.merged_into != stays.id or stays.merged_into:
        raise Refused("The record that stayed was merged again since. Undo that first.", "built_upon")
    goes.merged_into = None
    untouched = {name: was for name, (was, put) in kept["values"].items() if plain(getattr(stays, name)) == put}
    keep_taken(stays, {name: read(name, was) for name, was in untouched.items()}, work)
    reopen(pair, work)
    open_cards_of(goes, work)
    show_both(pair, work)
    work.say("separated", "Both records are as they were. What was entered since stays with the one that was kept.")
    return None


@undoes(TellApart)
def ask_again(command_id: str, _telling: TellApart, work: Work) -> None:
    pair = decided_by(command_id, work)
    if pair is None:
        return work.noop("already_undone", "It was already undone.")
    reopen(pair, work)
    return None


def find_pair(pair_id: str, work: Work) -> DuplicatePair:
    """The pair, locked."""
    pair = work.session.get(DuplicatePair, pair_id, with_for_update=True)
    if pair is None:
        raise Missing("There are no two such records.", "no_such_pair")
    work.keep_to_site(pair.site_id)
    work.about(pair.patient_id)
    return pair


def both(pair: DuplicatePair, work: Work) -> tuple[Patient, Patient]:
    """Both records, locked in the one order of their ids."""
    ids = (pair.patient_id, pair.other_id)
    query = select(Patient).where(Patient.id.in_(ids)).order_by(Patient.id).with_for_update()
    known = {one.id: one for one in work.session.scalars(query)}
    return known[pair.patient_id], known[pair.other_id]


def keep_taken(patient: Patient, values: dict[str, Any], work: Work) -> None:
    """Write these values only, and keep in the history what that changed: a later edit may meet it."""
    stood = {name: getattr(patient, name) for name in values}
    for name, value in values.items():
        setattr(patient, name, value)
    for group, columns in FIELDS.items():
        shown = [{name: getattr(patient, name) for name in columns}]
        shown.insert(0, shown[0] | {name: stood[name] for name in columns if name in stood})
        if shown[0] != shown[1]:
            spell = spelled if group in GROUPS else of_identity
            before, after = (spell(each) for each in shown)
            keep_change(patient, group, before, after, work)
    hear(patient)


def of_identity(values: dict[str, Any]) -> str:
    """The one value, as a correction spells it."""
    [value] = values.values()
    return spelled_identity(value)


def decide(pair: DuplicatePair, state: str, work: Work) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, work.actor.id, work.happened_at
    pair.command_id = work.command_id
    work.publish("duplicate_pair", pair.id)
    close_card(pair, {"merged": "Merged", "different": "Two different people"}[state], work)


def decided_by(command_id: str, work: Work) -> DuplicatePair | None:
    """The pair as this command left it; None when something else was said since, or nothing ever."""
    pair_id = work.session.scalar(select(DuplicatePair.id).where(DuplicatePair.command_id == command_id))
    return None if pair_id is None else find_pair(pair_id, work)


def reopen(pair: DuplicatePair, work: Work) -> None:
    pair.state, pair.decided_by, pair.decided_at, pair.command_id, pair.before = "open", None, None, None, None
    open_card_again(pair, work)
    work.publish("duplicate_pair", pair.id)


def show_both(pair: DuplicatePair, work: Work) -> None:
    """Both records, and whatever names them, are shown anew."""
    work.session.flush()
    for id in (pair.other_id, pair.patient_id):
        publish_patient(id, work)
        show_whose(id, work)


def plain(value: Any) -> str | None:
    return None if value is None else str(value)


def read(name: str, kept: str | None) -> Any:
    """What `plain` spelled."""
    return date.fromisoformat(kept) if name == "birth_date" and kept else kept
