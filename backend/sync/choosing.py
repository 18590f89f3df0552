"""A person chooses between two truths: what their card offered is done, and the card is closed."""

from typing import Annotated

from msgspec import Meta, json

from backend.commands import REQUEST, Command, handles, read
from backend.effects import Patch
from backend.errors import NotAllowed, Refused
from backend.fields import Id
from backend.identity import EVERYBODY, MANAGERS
from backend.sync.closing import find_own_case, settle
from backend.values import field
from backend.within import perform_within
from backend.work import Work


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
        done = perform_within(work, command, work.new_id("chosen"), work.actor, choice["was"], choice.get("seen"))
        if done.outcome in ("held", "refused"):
            raise Refused(f"It cannot be done any more: {done.say}", "changed_since")
    work.about(case.subject)
    return settle(case, choice["label"], work)
