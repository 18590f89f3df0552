"""A person chooses between two truths: what their card offered is done, and the card is closed."""

from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta, json

from backend.commands import REQUEST, Command, asks_again, handles, read
from backend.effects import Patch
from backend.errors import NotAllowed, Refused
from backend.fields import Id
from backend.identity import EVERYBODY, MANAGERS, Actor
from backend.journal import find_entry, reopen_case
from backend.staff import called, find_actor
from backend.sync.closing import find_own_case, settle
from backend.values import field
from backend.within import perform_within
from backend.work import Device, Work


class Choose(
    Command,
    tag="sync.choose",
    truth=REQUEST,
    title="Chosen",
    roles=EVERYBODY,
    effect=[Patch("case", field.case_id, open=False)],
):
    """Somebody decided what to do about an odd entry, among what the card offered. One tap; the journal has it all."""

    case_id: Id
    choice: Annotated[str, Meta(min_length=1, max_length=20, extra={"reader": "text"})]


@handles(Choose)
def choose(chosen: Choose, work: Work) -> None:
    case = find_own_case(chosen.case_id, work)
    if case is None:
        return work.noop("already_closed", "Somebody has already dealt with it.")
    offered = {one["code"]: one for one in json.decode(case.choices or "[]") if not one.get("path")}
    choice = offered.get(chosen.choice)
    if choice is None:
        raise Refused("This is not among the choices any more. Look at the card again.", "no_such_choice")
    if choice["managers"] and not work.actor.may(MANAGERS):
        raise NotAllowed(f"{work.actor.name} may not choose this. Ask the office manager.", "not_allowed")
    if choice["command"]:
        kind = work.kinds[choice["command"], choice["v"]]
        if not work.actor.may(kind.who_may):
            raise NotAllowed(f"{work.actor.name} may not do this. Ask the office manager.", "not_allowed")
        command = read(kind, choice["fields"])
        then, who = as_entered(case, work) if choice.get("as_entered") else (work, work.actor)
        done = perform_within(then, command, work.new_id("chosen"), who, choice["was"], choice.get("seen"))
        if done.outcome in ("held", "refused"):
            raise Refused(f"It cannot be done any more: {done.say}", "changed_since")
    work.about(case.subject)
    return settle(case, choice["label"], work)


@asks_again(Choose)
def ask_again(chosen: Choose, work: Work) -> None:
    """What a card had done was taken back, so it asks again."""
    reopen_case(work.session, chosen.case_id)
    work.publish("case", chosen.case_id)


def as_entered(case: Any, work: Work) -> tuple[Work, Actor]:
    """The work as it was when the entry was made, and who made it; also somebody who has left meanwhile."""
    entry = find_entry(work.session, case.command_id)
    assert entry is not None, "a case is of an entry"
    author = find_actor(work.session, entry.actor_id)
    who = author or Actor(entry.actor_id, called(work.session, entry.actor_id) or "Somebody unknown")
    then = replace(
        work, happened_at=entry.happened_at, happened_about=entry.happened_about,
        device=Device(entry.device_id, case.device or ""),
    )  # fmt: skip
    return then, who
