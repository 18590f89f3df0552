"""What was held or refused is entered again with changes: a new command takes the place of the old one."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, json

from backend.commands import REQUEST, Command, handles, read
from backend.deciding import fields_said
from backend.effects import Patch
from backend.errors import NotAllowed, Refused
from backend.fields import Id, Label, Lines, specs
from backend.fields import read as read_form
from backend.identity import EVERYBODY
from backend.journal import find_entry
from backend.sync.closing import find_own_case, settle
from backend.values import field
from backend.within import perform_within
from backend.work import Work


class AgainLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the old entry, and what is typed there now."""

    name: Annotated[str, Meta(min_length=1, max_length=60, extra={"reader": "text"})]
    text: Annotated[str, Meta(max_length=2000, extra={"reader": "text"}), Label("What was entered")] | None = None


class EnterAgain(
    Command,
    tag="sync.enter_again",
    truth=REQUEST,
    title="Entered again",
    roles=EVERYBODY,
    effect=[Patch("case", field.case_id, open=False)],
):
    """Somebody entered again, with changes, what had not been applied. The old entry stays in the journal.

    The new command is performed within this one, which names the case that it replaces; in the name of whoever
    enters it again and by the rules of now.
    """

    case_id: Id
    lines: Annotated[Lines(AgainLine, least=1, most=40), Label("What was entered")]  # type: ignore[valid-type]


@handles(EnterAgain)
def enter_again(again: EnterAgain, work: Work) -> None:
    case = find_own_case(again.case_id, work)
    if case is None:
        return work.noop("already_closed", "Somebody has already dealt with it.")
    entry = find_entry(work.session, again.case_id)
    kind = work.kinds.get((entry.command, entry.v)) if entry else None
    may_again = {name for name, _, _ in json.decode(case.entered or "[]")}
    if entry is None or kind is None or entry.payload is None or not may_again:
        raise Refused("This entry cannot be entered again here. Enter it anew on its own page.", "not_again")
    if not work.actor.may(kind.who_may):
        raise NotAllowed(f"{work.actor.name} may not do this. Ask the office manager.", "not_allowed")
    fields = fields_said(kind, entry)
    texts = {line.name: line.text or "" for line in again.lines if line.name in may_again}
    done = perform_within(work, changed(kind, fields, texts, work), work.new_id("again"), work.actor)
    if done.outcome in ("held", "refused"):
        raise Refused(done.say, done.code)
    work.about(case.subject)
    return settle(case, "Entered again with changes", work)


def changed(kind: type[Command], fields: dict[str, Any], texts: dict[str, str], work: Work) -> Command:
    """The old entry with what was typed, read as its own form reads it; Refused says what does not fit."""
    wanted = [spec for spec in specs(kind) if spec["name"] in texts]
    form = {name: [text] for name, text in texts.items()}
    values, complaints = read_form(wanted, form, work.today.isoformat(), "en", {})
    if complaints:
        raise Refused(" ".join(complaints.values()), "does_not_fit")
    try:
        return read(kind, {**fields, **values})
    except msgspec.ValidationError as error:
        raise Refused("What was entered cannot be read. Enter it anew on its own page.", "unreadable") from error
