"""Cases: what needs a person, as a card shows it: both truths, the choices in words, what may be entered again."""

from collections.abc import Callable, Sequence
from datetime import time
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.clock import instant, is_unknown
from backend.commands import Command, tag_of, upcast
from backend.deciding import Asked, Kinds, Sent
from backend.feed_tables import seen_row, sheet_row
from backend.fields import labels, specs
from backend.filters import o_clock, phone
from backend.identity import DESK
from backend.ids import is_id
from backend.journal import Case, Receipt, journal, open_case
from backend.paths import is_date
from backend.readers import dollars
from backend.sheets import Body, row
from backend.values import spell
from backend.wall_clock import read_time
from backend.within import fields_of
from backend.work import Choice, Work

# Put together once: that costs more than the database takes to answer.
BODY = select(seen_row.c.body).where(seen_row.c.kind == bindparam("kind"), seen_row.c.id == bindparam("id"))
OPEN = (
    select(journal, open_case)
    .join(open_case, open_case.c.command_id == journal.c.command_id)
    .where(open_case.c.command_id.in_(bindparam("ids", expanding=True)), open_case.c.closed_at.is_(None))
)
# What a person can type again into one line; the rest of an entry stays as it was said.
TYPED = ("text", "phone", "date", "time", "choice", "integer", "money")


def case_of(session: Session, sent: Sent, asked: Asked, receipt: Receipt, work: Work, kinds: Kinds) -> Case:
    """The card of an entry that needs a person."""
    kind, fields, _ = what_was_said(sent, kinds)
    act = asked.caused_by or act_before(session, sent, receipt) or sent.command_id
    again = entered(kind, fields) if kind and receipt.outcome in ("held", "refused") else []
    choices = [as_data(one) for one in work.choices]
    return Case(
        sent.command_id, asked.site.id, asked.device.name, work.subject or subject_of(session, fields, asked.site.id),
        labelled(kinds, sent), None,
        act, work.stands, choices, again, work.told,
    )  # fmt: skip


def subject_of(session: Session, fields: dict[str, Any], site_id: str) -> str | None:
    """The patient to whom the ids of an entry lead that was never performed; only one whom its site knows."""
    for name, id in fields.items():
        # Both came from a device, and PostgreSQL takes no text with a NUL.
        if not (name.endswith("_id") and name.isidentifier() and is_id(id)):
            continue
        patient_id = id if name == "patient_id" else patient_behind(session, name.removesuffix("_id"), id)
        c = sheet_row.c
        shown = select(c.id).where(c.sheet == f"patients/{site_id}", c.kind == "patient", c.id == patient_id, c.present)
        if patient_id and session.execute(shown).scalar():
            return str(patient_id)
    return None


def patient_behind(session: Session, kind: str, id: str) -> str | None:
    """Whose the thing is that a row was published of."""
    body = session.execute(BODY, {"kind": kind, "id": id}).scalar()
    return msgspec.json.decode(body).get("patient_id") if body else None


def act_before(session: Session, sent: Sent, receipt: Receipt) -> str | None:
    """The act behind an entry that is held because another was not applied."""
    if not receipt.code.startswith("after_"):
        return None
    query = select(open_case.c.act).where(open_case.c.command_id.in_(sent.after), open_case.c.act.is_not(None))
    return session.execute(query.order_by(open_case.c.act).limit(1)).scalar()


def as_data(choice: Choice) -> dict[str, Any]:
    """A choice as it is kept: the command by its name and fields, for it is performed when somebody chooses."""
    command: Command | None = choice.command
    said = {name: getattr(choice, name) for name in ("code", "label", "does", "was", "seen", "path", "as_entered")}
    if command is None:
        return {**said, "command": None, "v": 1, "fields": {}, "managers": choice.managers}
    kind = type(command)
    return {
        **said,
        "command": tag_of(kind),
        "v": kind.v,
        "fields": fields_of(command),
        "managers": choice.managers or not kind.who_may >= DESK,
    }


def what_was_said(sent: Sent, kinds: Kinds) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """The kind, the fields in its present version and what they were; what cannot be brought to it has its name."""
    kind = kinds.get((sent.command, sent.v))
    if kind is None:
        return None, {}, {}
    try:
        return kind, *upcast(kind, sent.v, sent.fields, sent.was)
    except Exception:
        # It is held because of that already.
        return kind, sent.fields, {}


def labelled(kinds: Kinds, sent: Sent) -> list[str]:
    """What was entered, as people read it: without ids, which say nothing to them."""
    kind, fields, _ = what_was_said(sent, kinds)
    if kind is None:
        return []
    shown, readers = labels(kind), {spec["name"]: spec["reader"] for spec in form_of(kind)}
    lines = [
        f"{shown[name]}: {said(readers.get(name), value)}" for name, value in fields.items() if name in shown and value
    ]
    return lines or [kind.title]


def changes(kinds: Kinds, sent: Sent, say: Callable[[str], str]) -> list[str]:
    """What was entered into a form, for a history: of what the form showed, only what was changed, and what it was.

    `say` gives a label in the reader's language.
    """
    kind, fields, was = what_was_said(sent, kinds)
    if kind is None:
        return []
    shown, told = labels(kind), []
    for spec in form_of(kind):
        name, reader = spec["name"], spec["reader"]
        entered, before = fields.get(name), was.get(name)
        if name not in shown or (name in was and entered == before) or not (entered or before):
            continue
        text = said(reader, entered) or say("nothing")
        told.append(
            f"{say(shown[name])}: " + (f"{said(reader, before) or say('nothing')} → " if name in was else "") + text
        )
    return told


def said(reader: str | None, value: Any) -> str:
    """A value as people write it."""
    if reader == "money" and isinstance(value, int):
        return dollars(value)
    if reader == "date" and is_date(value):
        return "{1}/{2}/{0}".format(*value.split("-"))
    if reader == "time" and isinstance(value, str) and (written := read_time(value)):
        return o_clock(time.fromisoformat(written), "en")
    if reader == "phone" and isinstance(value, str):
        return phone({}, value)
    return spell(value)


def entered(kind: type[Command], fields: dict[str, Any]) -> list[list[str]]:
    """The fields that a person may type again, as the form would show them; none of a command without a form."""
    return [
        [spec["name"], spec["label"], typed(spec, fields.get(spec["name"]))]
        for spec in form_of(kind)
        if spec["reader"] in TYPED
    ]


def form_of(kind: type[Command]) -> list[dict[str, Any]]:
    """The fields of its form; none of imports, which have types that no reader reads."""
    try:
        return specs(kind)
    except TypeError:
        return []


def typed(spec: dict[str, Any], value: Any) -> str:
    """A value as it would be typed."""
    if spec["reader"] == "money" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    return spell(value)


@row("case", sheets=["attention/{shown_to}", "attention/{site_id}"])
def case_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What needs a person: shown to its author and to the reviewers of the site, until somebody closes it."""
    return {
        found.command_id: {
            "command_id": found.command_id,
            "site_id": found.site_id,
            "actor_id": found.actor_id,
            "shown_to": [found.actor_id, *listed(found.told)],
            "command": found.command,
            "outcome": found.outcome,
            "code": "alarm" if found.alarm else found.code,
            "say": found.alarm or found.say,
            "who": found.actor_id,
            "device": found.device,
            "patient_id": found.subject,
            "happened_at": instant(found.happened_at),
            "happened_about": found.happened_about,
            "time_unknown": is_unknown(found.happened_at, found.happened_about, found.received_at),
            "sort_key": instant(found.received_at),
            "open": True,
            "details": msgspec.json.decode(found.details),
            # Ids made on devices begin with their time, so cases of one act stand together and in their order.
            "act": found.act or found.command_id,
            "of_an_act": found.act not in (None, found.command_id),
            "stands": listed(found.stands),
            **choices_of(listed(found.choices)),
            **entered_of(listed(found.entered)),
        }
        for found in session.execute(OPEN, {"ids": ids})
    }


def listed(text: str | None) -> list[Any]:
    """The list that a column holds as JSON; cases from before have none."""
    found: list[Any] = msgspec.json.decode(text) if text else []
    return found


def choices_of(choices: list[dict[str, Any]]) -> Body:
    """`choices` are codes; `label_keep` and `does_keep` say the one called keep, because a row holds no objects.

    `to_keep` is the page that it opens, if it is one.
    """
    told = {f"label_{one['code']}": one["label"] for one in choices}
    told |= {f"does_{one['code']}": one["does"] for one in choices}
    told |= {f"to_{one['code']}": path for one in choices if (path := one.get("path"))}
    codes = {"choices": [one["code"] for one in choices]}
    return {**codes, "for_managers": [one["code"] for one in choices if one["managers"]], **told}


def entered_of(entered: list[list[str]]) -> Body:
    """What may be entered again with changes, in the same manner."""
    told = {f"field_{name}": label for name, label, _ in entered} | {f"text_{name}": text for name, _, text in entered}
    return {"fields": [name for name, _, _ in entered], **told}
